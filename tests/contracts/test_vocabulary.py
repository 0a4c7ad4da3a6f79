"""The vocabulary is settled: every event that a time limit names is announced under one contract that carries what the
limit needs, and no more than the vocabulary grants it."""

import json
from collections import Counter
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from tests.contracts.vocabulary import INSTANCES, KEYS, Row, documented, named, rows, vocabulary

from events.catalogue import public_events
from events.event import PublicEvent
from events.schemas import schema_of

CONTRACTS = {event.__name__: event for event in public_events()}
SCHEMAS = {name: schema_of(event) for name, event in CONTRACTS.items()}
each_named = pytest.mark.parametrize("name", named())
each_word = pytest.mark.parametrize("name", sorted(CONTRACTS.keys() & vocabulary().keys()))

PROGRAMME = {"programme": "the key: the agency has one such programme, and the facts have no other id"}
SIBLINGS = {"caseId": "the key: a list of children cannot order facts, their case can"}
# Fields that the payload column does not give, by topic or by event, and why they are there.
BEYOND = {
    "intake": {"county": "who may see it and where it counts need no join", "reportId": "whose fact it is"},
    "investigation": {
        "county": "who may see it and where it counts need no join",
        "reportId": "the report's clocks are judged together with the investigation's",
        "workerId": "alerts go to the investigator of that time",
    },
    "ReportReceived": {"enteredAt": "how late the call was entered"},
    "ResponseLevelProposed": {"specialHandling": "a report of a child in custody or a resource home goes another way"},
    "ReportScreened": {
        "immediateResponseNeeded": "the level alone does not say so",
        "lawEnforcementReferralNeeded": "what the call to law enforcement waits for",
    },
    "ReportAssigned": {"level": "the investigation opens with it"},
    "NotificationSent": {
        "notificationId": "the acknowledgement names it",
        "kind": "warned, missed or assigned",
        "clockId": "what it warns of",
        "subjectType": "the coded half of the subject",
        "subjectId": "the other half",
        "reportId": "what the recipient opens",
        "county": "which holders of the role",
    },
    "SettlementPlanApproved": PROGRAMME,
    "ImplementationPeriodEnded": PROGRAMME,
    "CourtMonitorReviewHeld": PROGRAMME,
    "CqiAdequacyFound": PROGRAMME,
    "MonitoringTransferred": PROGRAMME,
    "RolloutStarted": PROGRAMME,
    "CaseworkerAssigned": {"countyOfResponsibility": "a case that is transferred lies in another county from then on"},
    "SiblingSeparationRequested": SIBLINGS,
    "SiblingSeparationApproved": SIBLINGS,
    "SiblingsSeparated": SIBLINGS,
    "SiblingsReunited": SIBLINGS,
}
# How one subject finds another: the fact that ties them always carries both ids.
TIES = {
    "InvestigationOpened": {"investigationId", "reportId"},
    "CaseOpened": {"caseId", "childIds"},
    "ChildEnteredCustody": {"childId", "caseId"},
    "ChildPlaced": {"placementId", "childId", "homeOrFacilityId"},
    "FpsReferralMade": {"referralId", "caseId"},
    "FpsFamilyAccepted": {"serviceId", "referralId"},
}


def beyond(event: type[PublicEvent]) -> set[str]:
    """The fields of a contract that the payload column does not give."""
    return set(SCHEMAS[event.__name__]["properties"]) - vocabulary()[event.__name__].payload.keys()


def part(name: str, field: str) -> dict[str, Any]:
    """The schema of one field of a contract."""
    found = dict(SCHEMAS[name]["properties"][field])
    if "$ref" in found.get("items", {}):
        found["items"] = SCHEMAS[name]["$defs"][found["items"]["$ref"].rsplit("/", 1)[-1]]
    return found


def refused(schema: dict[str, Any], brackets: str) -> str | None:
    """What the schema of a field says against what its brackets document; None when it admits all of it."""
    match brackets.partition(": ") if ": " in brackets else (brackets, "", ""):
        case "", _, _:
            return None
        case "number", _, _:
            return None if schema.get("type") in ("integer", "number") else "is no number"
        case "date", _, _:
            return None if schema.get("format") == "date" else "is no date"
        case "true/false", _, _:
            return None if schema.get("type") == "boolean" else "is not true or false"
        case "text" | "obligation", _, _:
            return None if schema.get("type") == "string" and "enum" not in schema else "is no text"
        case (("list" | "list of number"), _, values):
            inner = "number" if brackets == "list of number" else values
            return "is no list" if schema.get("type") != "array" else refused(schema["items"], inner)
        case kind, _, _ if kind.startswith("list of "):
            wanted = set(kind.removeprefix("list of ").split(" and "))
            return None if schema.get("items", {}).get("properties", {}).keys() == wanted else f"lists no {wanted}"
        case _:
            return _differs(schema, brackets.split("/"))


def _differs(schema: dict[str, Any], values: list[str]) -> str | None:
    enumerated = schema.get("enum", [schema["const"]] if "const" in schema else values)
    read = [int(value) if schema.get("type") == "integer" else value for value in values]
    if not all(jsonschema.Draft202012Validator(schema).is_valid(value) for value in read):
        return f"does not admit all of {values}"
    return None if set(enumerated) == set(read) else f"admits more than {values}"


@each_named
def test_an_event_that_a_rule_names_has_one_contract_under_the_service_that_owns_it(name: str) -> None:
    (contract,) = [event for event in public_events() if event.__name__ == name]
    service = vocabulary()[name].service
    package = f"events.contracts.{service.replace('-', '_')}"
    assert contract.topic == service
    assert contract.__module__ == package or contract.__module__.startswith(f"{package}.")


@each_named
def test_it_carries_every_field_that_a_rule_needs(name: str) -> None:
    """The fields of filters, conditions, `gate_where`, `per`, `at`, and those that are summed up."""
    needs = [need for row in rows() for need in row.needs if need.event == name]
    assert [need for need in needs if need.field not in SCHEMAS[name]["properties"]] == []
    assert [need for need in needs if need.field not in vocabulary()[name].payload] == []


@each_word
def test_every_field_admits_every_documented_value_and_no_code_beside_them(name: str) -> None:
    word = vocabulary()[name]
    kept = SCHEMAS[name]["properties"].keys() & word.payload.keys()
    answers = {field: refused(part(name, field), documented(word, field)) for field in kept}
    assert {field: answer for field, answer in answers.items() if answer} == {}


@each_word
def test_no_contract_has_a_field_that_the_vocabulary_does_not_give_it(name: str) -> None:
    event = CONTRACTS[name]
    granted = BEYOND.get(event.topic, {}).keys() | BEYOND.get(name, {}).keys()
    assert beyond(event) - granted == set()


def test_no_grant_is_left_over() -> None:
    for place, granted in BEYOND.items():
        events = [CONTRACTS[name] for name in CONTRACTS.keys() & vocabulary().keys()]
        taken = {field for event in events if place in (event.topic, event.__name__) for field in beyond(event)}
        assert granted.keys() <= taken, place


def test_what_is_announced_beside_the_vocabulary_is_a_correction_or_a_clock() -> None:
    """docs/domain/README.md tells why: the Deadline words of the table are the clocks of the deadlines service."""
    beside = {name: CONTRACTS[name].topic for name in CONTRACTS.keys() - vocabulary().keys()}
    assert beside.pop("ReportAmended") == "intake"
    assert set(beside.values()) == {"deadlines"}
    assert [name for name in beside if not name.startswith("Clock")] == []


@each_word
def test_no_contract_of_the_vocabulary_is_private(name: str) -> None:
    assert "x-private" not in json.dumps(SCHEMAS[name])


@pytest.mark.parametrize("row", [row for row in rows() if row.enforceable], ids=lambda row: row["id"])
def test_every_fact_finds_the_subject_of_the_row(row: Row) -> None:
    """No id by which it could is left out. A period that closes belongs to every subject, the state needs no id."""
    for name in row.concerning if not row.about_the_state else ():
        fields, keys = SCHEMAS[name]["properties"].keys(), KEYS[row["subject"]]
        assert name == "PeriodClosed" or keys & fields, f"{name} names no {row['subject']}"
        assert (keys | INSTANCES) & vocabulary()[name].payload.keys() <= fields, name


@pytest.mark.parametrize("name", TIES)
def test_a_fact_that_ties_two_subjects_always_names_both(name: str) -> None:
    assert TIES[name] <= set(SCHEMAS[name]["required"])


def test_the_list_of_a_thing_with_an_age_says_the_age() -> None:
    """A row per thing of a list, with an amount in years, owes only for those of that age."""
    aged = [row for row in rows() if row["unit"] == "years" and "=" in row["per"]]
    assert {row["id"] for row in aged} >= {"background-results.settlement", "plan-signed-child.practice-model"}
    for row in aged:
        listed = [need for need in row.needs if part(need.event, need.field).get("type") == "array"]
        assert listed
        assert all("age" in part(need.event, need.field)["items"]["properties"] for need in listed), row["id"]


def test_the_tables_are_read_whole() -> None:
    counted = Counter(row["enforce"] for row in rows())
    assert counted == {"clock": 200, "gate": 100, "quota": 44, "monitor": 8, "cap": 7, "programme": 23}
    assert len(vocabulary()) == 346
    assert len(named()) == 227


@pytest.mark.parametrize(
    ("schema", "brackets", "answer"),
    [
        ({"type": "string"}, "number", "is no number"),
        ({"type": "string"}, "date", "is no date"),
        ({"type": "string"}, "true/false", "is not true or false"),
        ({"type": "string"}, "list", "is no list"),
        ({"type": "array", "items": {"type": "string"}}, "list of number", "is no number"),
        ({"type": "array", "items": {"enum": ["a"]}}, "list: a/b", "does not admit all of ['a', 'b']"),
        ({"enum": ["a", "b"]}, "a", "admits more than ['a']"),
        ({"type": "array", "items": {"properties": {"age": {}}}}, "list of age", None),
        ({"type": "integer", "enum": [3, 6]}, "3/6", None),
        ({"type": "string"}, "2/3", None),
    ],
)
def test_a_type_that_does_not_fit_the_brackets_is_noticed(
    schema: dict[str, Any], brackets: str, answer: str | None
) -> None:
    assert refused(schema, brackets) == answer
