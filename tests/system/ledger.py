"""Whether the logs of all services agree: nothing lost, nothing doubled, nothing out of order. Complaints in words."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from tests.system.installation import Installation
from tests.system.mailbox import Mailbox
from tests.system.subscriber import Subscriber

from events.announcement import announcements
from events.consumer import message_id
from events.relay import MOST_PER_EVENT

EVENTS = "select position, id, stream, version, name, data, meta, announced from {0}.events order by position"
GAPS = """
select stream from {0}.events group by stream having count(*) <> max(version) or min(version) <> 1
"""
PRODUCERS = ("intake", "investigation", "deadlines")
OPENING = ("ReportReceived", "ReportAmended", "ReportScreened", "ReportAssigned")
ALERTS = ("ClockWarned", "ClockMissed", "ClockEscalated")


@dataclass(frozen=True)
class Announced:
    """One public event that a service has announced."""

    topic: str
    key: str
    sequence: int
    type: str
    data: Mapping[str, Any]


class Ledger:
    """All logs of an installation that is quiet."""

    def __init__(self, county: Installation, logs: Mapping[str, list[Any]]) -> None:
        self.county, self.logs = county, logs
        self.announced = {id: each for name in logs for id, each in _announced(name, logs[name])}

    @classmethod
    async def of(cls, county: Installation) -> "Ledger":
        """Read everything."""
        return cls(county, {each.name: await _rows(county, each.schema) for each in county.services})

    def _ids(self, topics: Iterable[str], *types: str) -> set[str]:
        return {
            id
            for id, each in self.announced.items()
            if each.topic in topics and (not types or each.type.split(".")[1] in types)
        }

    async def complaints(self, mailbox: Mailbox, subscriber: Subscriber) -> list[str]:
        """Everything that is wrong."""
        found = [*self.unacknowledged(), *self.repeated_conclusions(), *self.out_of_order()]
        found += await self.gaps()
        found += await self.unread()
        found += await self.alerts()
        found += await self.letters(mailbox)
        return found + await self.calls(subscriber)

    def unacknowledged(self) -> list[str]:
        """A command that was answered has its facts exactly where the answer says."""
        classes = {each.name: each.registry.classes for each in self.county.services}
        there = {
            (name, row["stream"][-36:], row["version"]): classes[name][row["name"]].__name__
            for name in self.logs
            for row in self.logs[name]
        }
        return [
            f"{service} answered {answer}, and the log says otherwise"
            for service, answer in self.county.acknowledged
            for number, event in enumerate(reversed(answer["events"]))
            if there.get((service, answer["id"], answer["version"] - number)) != event
        ]

    async def gaps(self) -> list[str]:
        """Versions of a stream run from 1 without a gap; nothing is parked; every log is relayed to its end."""
        found = []
        for service in self.county.services:
            owner, schema = self.county.owner, service.schema
            found += [f"{row['stream']} has a gap" for row in await owner.fetch(GAPS.format(schema))]
            if parked := await owner.fetchval(f"select count(*) from {schema}.parked"):  # noqa: S608
                found.append(f"{service.name} has parked {parked}")
        return found

    async def unread(self) -> list[str]:
        """Each public event took effect in each service that listens to it, once."""
        owner = self.county.owner
        facts = Counter(str(row["id"]) for row in await owner.fetch("select id from deadlines.facts"))
        found = _compare("deadlines knows", facts, self._ids(("intake", "investigation")))
        causes = {row["meta"].get("causation") for row in self.logs["investigation"]} - {None}
        found += _compare("investigation reacted to", Counter(causes), self._ids(("intake",), *OPENING))
        sql = "select source_id from notifications.deliveries where channel = 'webhook'"
        queued = Counter(str(row["source_id"]) for row in await owner.fetch(sql))
        return found + _compare("notifications passed on", queued, self._ids(PRODUCERS))

    def repeated_conclusions(self) -> list[str]:
        """No conclusion about a clock is on record twice."""
        says = ("clock_id", "clock_ids", "worker_id", "due_at", "warn_at", "rung", "reason", "at")
        told = Counter((row["name"], *(str(row["data"].get(name)) for name in says)) for row in self.logs["deadlines"])
        return [f"deadlines concluded twice: {each}" for each, times in told.items() if times > 1]

    def out_of_order(self) -> list[str]:
        """For each stream of a consumer, topic and key, what caused its facts came in the order in which it was announced."""
        found = []
        for name, rows in self.logs.items():
            latest: dict[tuple[str, ...], int] = defaultdict(lambda: -1)
            for row in rows:
                cause = self.announced.get(row["meta"].get("causation", ""))
                if cause is None:
                    continue
                of_stream = row["stream"], cause.topic, cause.key
                if cause.sequence < latest[of_stream]:
                    found.append(f"{name} took {cause.type} of {cause.key} out of order")
                latest[of_stream] = cause.sequence
        return found

    async def alerts(self) -> list[str]:
        """Each alert led to its notices, each of them raised once and in one inbox row."""
        raised = [row["data"] for row in self.logs["notifications"] if row["name"] == "notifications.notice-raised"]
        alerting = {id for id in self._ids(("deadlines",), *ALERTS) if self._tells(id)}
        sources = Counter({each["source_event"] for each in raised})
        found = _compare("notices tell of", sources, alerting | self._ids(("intake",), "ReportAssigned"))
        to = Counter((each["source_event"], str(each["recipient"])) for each in raised)
        found += [f"a notice was raised twice: {each}" for each, times in to.items() if times > 1]
        rows = await self.county.owner.fetch("select notice_id from notifications.inbox")
        inbox = Counter(str(row["notice_id"]) for row in rows)
        return found + _compare("the inboxes hold", inbox, {each["notice_id"] for each in raised})

    def _tells(self, id: str) -> bool:
        data = self.announced[id].data
        return bool(data["alerts"] and data.get("tells", True))

    async def letters(self, mailbox: Mailbox) -> list[str]:
        """Each e-mail came; what came twice came under the same Message-ID with the same content."""
        sql = "select delivery_id from notifications.deliveries where channel = 'email' and state = 'sent'"
        wanted = {f"<{row['delivery_id']}@agency.example>" for row in await self.county.owner.fetch(sql)}
        found = _compare("the mail server has", Counter(set(mailbox.ids())), wanted)
        contents = {(str(each["Message-ID"]), each.as_string()) for each in mailbox.messages}
        if len(contents) != len(mailbox.ids()):
            found.append("two different e-mails have the same Message-ID")
        return found

    async def calls(self, subscriber: Subscriber) -> list[str]:
        """Each delivery reached the subscriber; what came twice came under the same id with the same content."""
        bodies: dict[str, set[str]] = defaultdict(set)
        for headers, body in subscriber.calls:
            bodies[headers["webhook-id"]].add(body)
        found = _compare("the subscriber has", Counter(bodies.keys()), self._ids(PRODUCERS))
        return found + [f"webhook {id} has two contents" for id, each in bodies.items() if len(each) > 1]


async def _rows(county: Installation, schema: str) -> list[Any]:
    rows = await county.owner.fetch(EVENTS.format(schema))
    parsed = ("data", "meta")
    return [
        dict(row) | {name: orjson.loads(row[name]) if isinstance(row[name], str) else row[name] for name in parsed}
        for row in rows
    ]


def _announced(name: str, rows: list[Any]) -> Iterable[tuple[str, Announced]]:
    for row in rows:
        for number, (kind, key, data) in enumerate(announcements(row["announced"])):
            sequence = row["position"] * MOST_PER_EVENT + number
            yield message_id(row["id"], number), Announced(name, key, sequence, kind, orjson.loads(data))


def _compare(what: str, there: Counter[Any], wanted: set[Any]) -> list[str]:
    lost, strange = wanted - set(there), set(there) - wanted
    doubled = [each for each, times in there.items() if times > 1]
    complaints = {"too little": lost, "too much": strange, "twice": doubled}
    return [f"{what} {kind}: {sorted(map(str, each))[:3]} ({len(each)})" for kind, each in complaints.items() if each]
