"""The row of an investigation."""

from typing import Any

from tests.unit.investigation.cases import (
    ANNA,
    COUNTY,
    FACTOR_FOUND,
    ID,
    REPORT,
    SIGNED,
    WORKER,
    acted,
    approve,
    assess,
    assignment,
    at,
    learn,
    moment,
    opened,
    receipt,
    screening,
    submit,
)

from events.testing import ReadModelScenario
from investigation.read_models import INVESTIGATIONS, INVESTIGATIONS_MODEL

STREAM = f"investigation-{ID}"
EMPTY = {column.name: None for column in INVESTIGATIONS.columns}
OPEN = EMPTY | {
    "investigation_id": ID,
    "report_id": REPORT,
    "county": COUNTY,
    "worker_id": WORKER,
    "level": "3",
    "escalated": False,
    "child_in_custody": False,
    "child_ids": [str(ANNA)],
    "status": "open",
    "flags": [],
    "opened_at": at(2),
    "version": 4,
}


def row(*commands: Any, level: str = "3") -> dict[str, Any]:
    facts = acted(*commands, past=opened(level))
    return ReadModelScenario(INVESTIGATIONS_MODEL).given(*facts, stream=STREAM).rows()[ID]


def test_no_row_before_the_opening() -> None:
    ReadModelScenario(INVESTIGATIONS_MODEL).given(receipt(), screening(), stream=STREAM).then({})


def test_an_opened_investigation_has_its_row() -> None:
    ReadModelScenario(INVESTIGATIONS_MODEL).given(*opened(), stream=STREAM).then({ID: OPEN})


def test_a_reassignment_moves_the_row_to_the_new_worker() -> None:
    assert row(learn(assignment(moment=moment(9), worker_id="worker-reyes")))["worker_id"] == "worker-reyes"


def test_a_correction_of_the_report_reaches_the_row() -> None:
    assert row(learn(receipt(moment=moment(9), child_in_custody=True)))["child_in_custody"] is True


def test_the_row_shows_how_far_the_work_is() -> None:
    done = row(*FACTOR_FOUND, submit(), *SIGNED, approve(opens=True), level="2")
    assert (done["status"], done["escalated"], done["factors_yes"], done["risk_level"]) == ("approved", True, 1, "low")
    assert (done["initiated_at"], done["safety_assessed_at"], done["safety_signed_at"]) == (at(4), at(30), at(40))
    assert (done["submitted_at"], done["approved_at"], done["case_opens"]) == (at(100), at(120), True)
    assert {flag["code"] for flag in done["flags"]} == {"required-party-not-interviewed"}


def test_a_new_assessment_takes_the_signature_off_the_row_but_an_older_one_does_not() -> None:
    signed = (*FACTOR_FOUND, SIGNED[0])
    assert row(*signed, assess(3, hours=50))["safety_signed_at"] is None
    assert row(*signed, assess(hours=10))["safety_signed_at"] == at(40)
