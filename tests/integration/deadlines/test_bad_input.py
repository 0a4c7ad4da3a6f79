"""What no honest neighbour sends: it is parked with a reason or means nothing here, and nobody else waits for it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.alive import START
from tests.integration.deadlines.conftest import Desk, message_of, of_report

from deadlines import judge
from deadlines.facts import Facts
from deadlines.orders import orders_of
from deadlines.wiring import SERVICE
from events import parked
from events.contracts.casework.case import CaseOpened
from events.contracts.casework.child import ChildEnteredCustody
from events.contracts.casework.visit import VisitLogged
from events.event import PublicEvent
from events.ids import derived
from events.message import Batch, Message

RULE = "safety-assessment.policy-2009"


async def heard(desk: Desk, topic: str, messages: Sequence[Message]) -> None:
    """These messages arrive as one batch, behind what came before."""
    start = desk.fed.get(topic, 0)
    desk.fed[topic] = start + len(messages)
    numbered = [each._replace(sequence=start + step) for step, each in enumerate(messages)]
    await desk.runtime.consumer.handle(Batch(topic, 0, start, start + len(numbered), numbered))


def arrives(event: PublicEvent, number: int, at: datetime = START) -> Message:
    return message_of(event, number, at)


def family(report: object, first: int, at: datetime = START) -> list[Message]:
    events = of_report(derived("bad", report))
    return [arrives(event, first + step, at) for step, event in enumerate(events)]


async def reasons(desk: Desk) -> list[str]:
    return [each.reason for each in await parked.waiting(desk.runtime.pool)]


def visit_of(child: UUID, at: datetime) -> VisitLogged:
    return VisitLogged(
        visit_id=derived("bad", "visit"), child_id=child, kind="worker-child", mode="face-to-face", occurred_at=at
    )


async def clocks_of(desk: Desk, report: object) -> int:
    return len(await desk.clocks(reportId=str(derived("bad", report)), ruleId=RULE))


@pytest.mark.parametrize(
    ("at", "why"),
    [
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), "MalformedFact: it happened in the year 9999"),
        (datetime(1, 1, 1, tzinfo=UTC), "MalformedFact: it happened in the year 1"),
        (datetime(1899, 12, 31, tzinfo=UTC), "MalformedFact: it happened in the year 1899"),
    ],
)
async def test_a_fact_of_an_impossible_time_is_parked_by_name_and_others_pass(
    desk: Desk, at: datetime, why: str
) -> None:
    """safety-assessment.policy-2009 of the sound report starts, though it came in the same batch."""
    await heard(desk, "intake", [*family("broken", 0, at), *family("sound", 10)])
    assert await reasons(desk) == [why, *["an earlier message of this key is parked"] * 2]
    assert (await clocks_of(desk, "broken"), await clocks_of(desk, "sound")) == (0, 1)
    assert await desk.runtime.pool.fetchval("select count(*) from facts where occurred_at = $1", at) == 0


async def test_a_parked_fact_that_is_repaired_starts_its_clocks(desk: Desk) -> None:
    """Architecture, parking: repair, replay, and the key goes on in order."""
    good = family("broken", 0)
    await heard(desk, "intake", [good[0]._replace(data=b'{"reportId": "none"}'), *good[1:]])
    first = (await parked.waiting(desk.runtime.pool))[0]
    assert first.reason.startswith("ValidationError: ")
    await parked.repair(desk.runtime.pool, first.id, good[0].data.decode(), "olga-operator", START)
    replayed, left = await parked.replay(desk.runtime, "olga-operator")
    assert (replayed, left) == (3, [])
    assert await clocks_of(desk, "broken") == 1


async def test_a_word_that_nobody_declared_means_nothing_here(desk: Desk) -> None:
    """A newer neighbour may announce more than this service knows."""
    [strange, *_] = family("broken", 0)
    attributes = dict(strange.attributes) | {"type": "intake.ReportShredded.v1"}
    await heard(desk, "intake", [strange._replace(attributes=attributes), *family("sound", 10)])
    assert await reasons(desk) == []
    assert await clocks_of(desk, "sound") == 1


async def test_an_event_for_a_subject_that_nobody_has_told_of_is_kept_and_starts_nothing(desk: Desk) -> None:
    """A visit before the child is known: it is a fact, and counts once the child is."""
    child = derived("bad", "child")
    visit = visit_of(child, START)
    await desk.hear(visit)
    assert await desk.clocks() == []
    assert await reasons(desk) == []
    assert await desk.runtime.pool.fetchval("select count(*) from facts") == 1
    await desk.hear(
        CaseOpened(
            case_id=derived("bad", "case"),
            kind="custody",
            county_of_responsibility="Alder",
            opened_at=START,
            child_ids=(child,),
        ),
        ChildEnteredCustody(child_id=child, case_id=derived("bad", "case"), age=9, entered_at=START),
        at=START + timedelta(minutes=1),
    )
    assert {row["county"] for row in await desk.clocks(scope=f"child:{child}")} == {"Alder"}


async def test_a_fact_from_before_the_birth_of_a_child_stops_nothing(desk: Desk) -> None:
    """A visit forty years ago: judged like any other, and it meets nothing."""
    long_ago = START - timedelta(days=40 * 365)
    child = derived("bad", "child")
    case = CaseOpened(
        case_id=derived("bad", "case"),
        kind="custody",
        county_of_responsibility="Alder",
        opened_at=START,
        child_ids=(child,),
    )
    await desk.hear(case, ChildEnteredCustody(child_id=child, case_id=case.case_id, age=9, entered_at=START))
    before = {row["clockId"]: row["state"] for row in await desk.clocks()}
    number = desk.fed["casework"]
    visit = message_of(visit_of(child, long_ago), number, long_ago, START)
    await heard(desk, "casework", [visit])
    assert await reasons(desk) == []
    assert {row["clockId"]: row["state"] for row in await desk.clocks()} == before


async def test_a_fact_that_breaks_the_engine_parks_its_key_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong in a rule: one family waits, all others go on, and nothing half done is left."""

    def broken(facts: Facts) -> dict[str, Facts]:
        if any(fact.data.get("reportId") == str(derived("bad", "broken")) for fact in facts):
            raise ZeroDivisionError("a rule divides by nothing")
        return orders_of(facts)

    with monkeypatch.context() as fault:
        fault.setattr(judge, "orders_of", broken)
        await heard(desk, "intake", [*family("broken", 0), *family("sound", 10)])
        assert (await reasons(desk))[0] == "ZeroDivisionError"
        assert (await clocks_of(desk, "broken"), await clocks_of(desk, "sound")) == (0, 1)
    assert (await parked.replay(desk.runtime, "olga-operator"))[0] == 3
    assert await clocks_of(desk, "broken") == 1


def test_every_topic_is_listened_to() -> None:
    assert {each.topic for each in SERVICE.subscriptions} >= {"intake", "investigation", "casework", "placement"}
