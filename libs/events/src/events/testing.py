"""Given-when-then for deciders, reactions and read models; `eventually` instead of sleeping."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from events.decider import Decider, Rejected
from events.event import Event, PublicEvent
from events.ids import derived
from events.reaction import Do, Received, Subscription
from events.read_model import ReadModel, Row, folded, touched
from events.recorded import Recorded

KEY = UUID("01890000-0000-7000-8000-000000000001")
EPOCH = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def recorded(events: Iterable[Event], stream: str = f"test-{KEY}", at: datetime = EPOCH) -> list[Recorded[Any]]:
    """Events in a plain envelope, as the first ones of one stream."""
    return [
        Recorded(
            event, derived(stream, number), stream, number, number, at, at, {"actor": "test", "correlation": str(KEY)}
        )
        for number, event in enumerate(events, 1)
    ]


@dataclass(frozen=True)
class Scenario:
    """Scenario(DECIDER).given(fact).when(command).then(fact)"""

    decider: Decider[Any, Any, Any]
    past: tuple[Event, ...] = ()
    command: Any = None

    def given(self, *events: Event) -> "Scenario":
        """What has happened before."""
        return Scenario(self.decider, self.past + events)

    def when(self, command: Any) -> "Scenario":
        """What is asked for now."""
        return Scenario(self.decider, self.past, command)

    def decided(self) -> list[Any]:
        """The events that the rules answer with. Raises Rejected."""
        return list(self.decider.decide(self.command, self.decider.fold(self.past)))

    def state(self) -> Any:
        """The state after the given events and what the command adds."""
        return self.decider.fold([*self.past, *(self.decided() if self.command is not None else [])])

    def then(self, *events: Event) -> None:
        """Exactly these events follow."""
        assert self.decided() == list(events)

    def nothing(self) -> None:
        """Nothing new happened: the command was known already."""
        assert self.decided() == []

    def rejected(self, code: str, *, rule: str | None = None) -> Rejected:
        """The rules say no, with this code (and this rule)."""
        try:
            events = self.decided()
        except Rejected as refusal:
            assert refusal.code == code, f"rejected with {refusal.code}, not {code}"
            assert rule is None or rule in refusal.rule, f"rejected by {refusal.rule}, not {rule}"
            return refusal
        raise AssertionError(f"not rejected: {[type(event).__name__ for event in events]}")


@dataclass(frozen=True)
class ReactionScenario:
    """ReactionScenario(SUBSCRIPTION).when(public_event).then(Do(…))"""

    subscription: Subscription
    wishes: tuple[Do, ...] = field(default=())

    def when(self, event: PublicEvent, at: datetime = EPOCH) -> "ReactionScenario":
        """This public event arrives."""
        assert self.subscription.react is not None
        fact = Received(event, derived(event.event_type, event.subject), at, at, KEY)
        return ReactionScenario(self.subscription, tuple(self.subscription.react(fact)))

    def then(self, *wishes: Do) -> None:
        """Exactly these commands are asked for."""
        assert self.wishes == wishes


@dataclass(frozen=True)
class ReadModelScenario:
    """ReadModelScenario(MODEL).given(*events).then({key: row})"""

    model: ReadModel
    facts: tuple[Recorded[Any], ...] = ()

    def given(self, *events: Event, stream: str = f"test-{KEY}", at: datetime = EPOCH) -> "ReadModelScenario":
        """These events of one stream are recorded."""
        return ReadModelScenario(self.model, self.facts + tuple(recorded(events, stream, at)))

    def rows(self) -> dict[Any, Row]:
        """The rows that are there afterwards."""
        after = folded(self.model, {}, touched(self.model, self.facts))
        return {key: row for key, row in after.items() if row is not None}

    def then(self, expected: dict[Any, Row]) -> None:
        """Exactly these rows are there, whether the events come once at a time or all at once."""
        rows: dict[Any, Row] = {}
        for fact in self.facts:
            for key, row in folded(self.model, rows, touched(self.model, [fact])).items():
                rows.pop(key, None)
                if row is not None:
                    rows[key] = row
        assert rows == self.rows() == expected


async def eventually(check: Callable[[], Awaitable[Any]], within: float = 10.0) -> Any:
    """The first truthy answer of `check`, asked again and again. Raises AssertionError after `within` seconds."""
    until = time.monotonic() + within
    while True:
        if answer := await check():
            return answer
        if time.monotonic() > until:
            raise AssertionError(f"still not so after {within} s: {answer!r}")
        await asyncio.sleep(0.02)
