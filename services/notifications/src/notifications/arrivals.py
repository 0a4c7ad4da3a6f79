"""What arrives: notices are raised and deliveries queued, in the transaction that also advances the position."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from events.consumer import reaction_context
from events.ids import derived
from events.reaction import Received
from events.transaction import Transaction
from notifications.absence import STEPS, Staff, Standing
from notifications.commands import RaiseNotice
from notifications.notice import NOTICE
from notifications.patterns import wanted
from notifications.reactions import notices_about, people_of

STAFF = """
with recursive known as (
  select staff_id, active, absent_from, absent_until, substitute_id, 0 as steps from directory
  where staff_id = any($1::text[])
  union
  select next.staff_id, next.active, next.absent_from, next.absent_until, next.substitute_id, known.steps + 1
  from directory as next join known on next.staff_id = known.substitute_id where known.steps < $2
) select distinct staff_id, active, absent_from, absent_until, substitute_id from known
"""
TOLD = "select distinct source_event from inbox where source_event = any($1::uuid[])"
# Post without a county is for everybody of the role. Who is told in person is not written to again as one of a role.
MAILBOXES = """
select staff_id from directory
where active and email is not null and (
  staff_id = $1 or ($2::text = any(roles) and ($3 = '' or $3 = any(counties)) and staff_id <> all($4::text[]))
)
"""
ENDPOINTS = "select webhook_id, types, counties, organisation from webhooks where active order by webhook_id"
QUEUE = """
insert into deliveries
  (delivery_id, channel, source_id, type, staff_id, webhook_id, clock_id, county, organisation, body, created_at, next_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) on conflict (delivery_id) do nothing
"""


@dataclass(frozen=True)
class Letter:
    """One delivery to be queued: an e-mail to a member of staff, or an event to an endpoint."""

    channel: str
    source_id: UUID
    type: str
    county: str
    staff_id: str | None = None
    webhook_id: UUID | None = None
    clock_id: UUID | None = None
    organisation: str | None = None
    body: str | None = None

    @property
    def id(self) -> UUID:
        """The same fact to the same target is the same delivery, however often it arrives."""
        return derived("delivery", self.source_id, self.channel, self.staff_id or self.webhook_id)


async def take(tx: Transaction, received: Sequence[Received]) -> None:
    """Tell staff and endpoints about these facts. A fact that arrives twice changes nothing the second time."""
    letters = [*await _notify(tx, received), *await _pass_on(tx, received)]
    await tx.connection.executemany(
        QUEUE,
        [
            (
                *(each.id, each.channel, each.source_id, each.type, each.staff_id, each.webhook_id),
                *(each.clock_id, each.county, each.organisation, each.body, tx.now),
            )
            for each in letters
        ],
    )


async def _notify(tx: Transaction, received: Sequence[Received]) -> list[Letter]:
    fresh = await _untold(tx, received)
    staff = await _staff(tx, fresh)
    letters: list[Letter] = []
    for fact in fresh:
        context = reaction_context(tx.runtime.service.name, tx, fact)
        commands = notices_about(fact, staff, tx.now)
        in_person = [each.recipient.staff_id for each in commands if each.recipient.staff_id]
        for command in commands:
            if await tx.execute(NOTICE, command.notice_id, command, context):
                letters += await _mails(tx, command, in_person)
    return letters


async def _untold(tx: Transaction, received: Sequence[Received]) -> list[Received]:
    """The facts that led to no notice yet: one that comes again tells nobody else, whoever has left or is absent now."""
    told = {row["source_event"] for row in await tx.connection.fetch(TOLD, [fact.id for fact in received])}
    return [fact for fact in received if fact.id not in told]


async def _staff(tx: Transaction, received: Sequence[Received]) -> Staff:
    people = sorted({person for fact in received for person in people_of(fact.event)})
    rows = await tx.connection.fetch(STAFF, people, STEPS) if people else []
    standings = {row["staff_id"]: Standing(*list(row.values())[1:]) for row in rows}
    return Staff(tx.runtime.own.day(tx.now), standings)


async def _mails(tx: Transaction, command: RaiseNotice, in_person: Sequence[str]) -> list[Letter]:
    if not tx.runtime.settings.notifications_smtp_host:
        return []
    to, matter = command.recipient, command.matter
    rows = await tx.connection.fetch(MAILBOXES, to.staff_id, to.role, matter.county, in_person)
    clock_id = matter.clock.clock_id if matter.clock else None
    return [
        Letter("email", command.notice_id, command.kind, matter.county, staff_id=row["staff_id"], clock_id=clock_id)
        for row in rows
    ]


async def _pass_on(tx: Transaction, received: Sequence[Received]) -> list[Letter]:
    endpoints = await tx.connection.fetch(ENDPOINTS)
    return [letter for fact in received for letter in letters_to(endpoints, fact)] if endpoints else []


def letters_to(endpoints: Iterable[Any], fact: Received) -> list[Letter]:
    """The deliveries of one fact: to whom its type and its county are open. A fact without a county goes nowhere."""
    county = getattr(fact.event, "county", None)
    kind = fact.event.event_type
    return [
        Letter(
            "webhook",
            fact.id,
            kind,
            str(county),
            webhook_id=each["webhook_id"],
            organisation=each["organisation"],
            body=_body(fact),
        )
        for each in endpoints
        if county in each["counties"] and wanted(each["types"], kind)
    ]


def _body(fact: Received) -> str:
    """The payload as Standard Webhooks recommend it: type, timestamp, data."""
    envelope = {
        "type": fact.event.event_type,
        "timestamp": fact.occurred_at.isoformat(),
        "data": orjson.Fragment(fact.event.to_json()),
    }
    return orjson.dumps(envelope).decode()
