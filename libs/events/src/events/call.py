"""One HTTP request: who calls, what they may, and the way from a request to a command and back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Request, Response
from pydantic import BaseModel

from events import authority, headers
from events.authority import Actor, Reach, Subject
from events.decider import Decider, Rejected
from events.private import located
from events.recorded import Context
from events.runtime import Runtime
from events.writer import Idempotency

M = TypeVar("M")
RECORD_READS = """
insert into confidential_reads (at, actor, action, subject, person, field, purpose)
select $1, $2, $3, $4, person, field, $5 from unnest($6::uuid[], $7::text[]) as read(person, field)
"""


class Answer(BaseModel):
    """What a command did: the record's version afterwards (also as ETag) and the facts that were recorded."""

    id: UUID
    version: int
    events: tuple[str, ...]


@dataclass
class Caller:
    """The caller of one request. Routes take it as the parameter `call: Call`."""

    actor: Actor
    runtime: Runtime
    request: Request
    response: Response
    now: datetime
    key: str | None
    if_match: str | None
    purpose: str | None

    def require(self, action: str, subject: Subject) -> None:
        """Raises Rejected (403) unless the caller may do `action` to `subject`."""
        authority.require(self.actor, action, subject)

    def reach(self, action: str) -> Reach:
        """How far the caller's right to `action` reaches: for lists, searches, streams and exports."""
        return authority.reach(self.actor, action)

    async def handle(
        self,
        decider: Decider[Any, Any, Any],
        key: UUID,
        command: Any,
        *,
        action: str,
        subject: Callable[[Any], Subject],
        occurred_at: datetime | None = None,
        create: bool = False,
    ) -> Answer:
        """Run a command for the caller: the right is checked on the record's own state. `create`: the path is the key."""
        trace = self.request.scope.get("traceparent")
        context = Context(self.actor.id, self.now, occurred_at or self.now, self.runtime.ids(), None, trace)
        outcome = await self.runtime.handle(
            decider,
            key,
            command,
            context,
            permit=lambda state: self.require(action, subject(state)),
            expected=self._expected(),
            idempotency=await self._idempotency(create),
        )
        self.response.headers["ETag"] = f'"{outcome.version}"'
        if create and not outcome.repeated:
            self.response.status_code = 201
        return Answer(id=outcome.id, version=outcome.version, events=outcome.events)

    async def reveal(self, models: list[M], *, action: str, subject: str) -> list[M]:
        """The models with private values in the clear, after recording who read whose what, when and for what purpose."""
        if not self.purpose:
            raise Rejected(
                "purpose-missing",
                "say in the Purpose header why you read this",
                field="Purpose",
                source="Purpose",
                status=400,
            )
        read = [(private.person, path) for path, private in located(list(models))]
        async with self.runtime.pool.acquire() as connection:
            await connection.execute(
                RECORD_READS,
                self.now,
                self.actor.id,
                action,
                subject,
                self.purpose,
                [person for person, _ in read],
                [path for _, path in read],
            )
            return await self.runtime.vault.open(connection, models)

    def _expected(self) -> int | None:
        return None if self.if_match is None else int(self.if_match.removeprefix("W/").strip('"'))

    async def _idempotency(self, create: bool) -> Idempotency | None:
        path = self.request.scope["path"]
        key = self.key or (f"{self.request.method} {path}" if create else None)
        if key is None:
            return None
        content = f"{self.request.method} {path} {(await self.request.body()).decode(errors='replace')}"
        return Idempotency(self.actor.id, key, self.runtime.vault.token(content))


def caller(runtime: Runtime, request: Request, response: Response) -> Caller:
    """The caller of a request that was admitted. Raises Rejected (400) for a header that is not as documented."""
    key, if_match, purpose = headers.standard(request.scope)
    return Caller(request.scope["actor"], runtime, request, response, runtime.clock.now(), key, if_match, purpose)


async def _caller(request: Request, response: Response) -> Caller:
    return caller(request.app.state.runtime, request, response)


Call = Annotated[Caller, Depends(_caller)]
