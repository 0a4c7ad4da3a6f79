"""Kills service processes at random moments, several at once now and then, and starts them again. A seed repeats it."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.system.cluster import Cluster
from tests.system.installation import Installation

PATIENCE = 1.5


@dataclass
class Killer:
    """Strikes again and again until it is told to stop."""

    county: Installation
    cluster: Cluster
    seed: int
    most: int
    struck: list[str] = field(default_factory=list)
    enough: bool = False

    async def run(self) -> None:
        """Kill after a few more commands or after a while, whichever comes first."""
        chance = random.Random(self.seed)
        for _ in range(self.most):
            await self._a_little_later(chance.randint(1, 9))
            await asyncio.sleep(chance.uniform(0, 0.2))
            if self.enough:
                return
            names = chance.sample(sorted(self.cluster.settings), chance.choice((1, 1, 2, 4)))
            await self.cluster.kill(names)
            self.struck.append("+".join(names))
            await asyncio.sleep(chance.choice((0, chance.uniform(0, 0.3))))
            self.cluster.start(names)

    async def _a_little_later(self, commands: int) -> None:
        until = len(self.county.acknowledged) + commands
        for _ in range(int(PATIENCE / 0.02)):
            if self.enough or len(self.county.acknowledged) >= until:
                return
            await asyncio.sleep(0.02)


@asynccontextmanager
async def killing(county: Installation, cluster: Cluster, seed: int, most: int) -> AsyncIterator[Killer]:
    """Processes die while the context is open; when it is left, all of them run."""
    killer = Killer(county, cluster, seed, most)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(killer.run())
        try:
            yield killer
        finally:
            killer.enough = True
