"""Which endpoint receives which event."""

from typing import Any
from uuid import UUID

import orjson
from tests.unit.notifications.cases import FACT, HOOK, NOW, REPORT, arrived, assigned, missed

from events.contracts.intake import ReportReceived
from notifications.arrivals import letters_to


def endpoint(**more: Any) -> dict[str, Any]:
    return {"webhook_id": HOOK, "types": ["deadlines.*"], "counties": ["Alder"], "organisation": "provider"} | more


def targets(event: Any, *endpoints: dict[str, Any]) -> list[UUID | None]:
    return [each.webhook_id for each in letters_to(endpoints, arrived(event))]


def test_an_endpoint_receives_the_types_it_named() -> None:
    assert targets(missed(), endpoint()) == [HOOK]
    assert targets(assigned(), endpoint()) == []


def test_an_endpoint_receives_its_own_counties_only() -> None:
    assert targets(missed(county="Birch"), endpoint()) == []


def test_a_fact_whose_county_nobody_knows_goes_nowhere() -> None:
    unknown = ReportReceived(report_id=REPORT, received_at=NOW, entered_at=NOW)
    assert targets(unknown, endpoint(types=["*"])) == []


def test_the_payload_is_type_timestamp_and_data() -> None:
    (letter,) = letters_to([endpoint()], arrived(missed()))
    assert letter.source_id == FACT
    content = orjson.loads(letter.body or "")
    assert content["type"] == "deadlines.ClockMissed.v1"
    assert content["timestamp"] == NOW.isoformat()
    assert content["data"] == orjson.loads(missed().to_json())


def test_the_same_fact_to_the_same_endpoint_is_the_same_delivery() -> None:
    one, other = (letters_to([endpoint()], arrived(missed()))[0].id for _ in range(2))
    assert one == other != letters_to([endpoint(webhook_id=FACT)], arrived(missed()))[0].id
