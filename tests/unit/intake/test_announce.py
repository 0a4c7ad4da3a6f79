"""What the neighbours learn: coded values and ids, never a confidential one."""

from dataclasses import replace

import orjson
import pytest

from events.contracts import intake as public
from events.event import PublicEvent
from events.testing import Scenario, recorded
from intake.announce import announce
from intake.commands import RecordPoliceCall, RecordSuspicion, ReviewScreenedOut, SharePriorReports, StaffAssignment
from intake.events import REGISTRY
from intake.prior import PriorReport
from intake.testing import (
    CALL,
    CALLER,
    CHILD,
    EARLIER,
    ENTRY,
    FORM,
    HOME,
    REPORT,
    RITA,
    SAM,
    SEARCH,
    UNCLE,
    WILMA,
    after,
    amend,
    answer,
    answers,
    assign,
    content,
    custody,
    custody_assign,
    receive,
    screen,
    screened,
    text,
)
from intake.vocabulary import Setting

SECRET = "SECRET"
EVERYTHING = custody(
    people=tuple(
        person.model_copy(
            update={
                name: text(SECRET, person.person_id)
                for name in ("name", "birth_date", "age", "relationship", "contact")
            }
            | {"birth_date": text("2018-01-01", person.person_id)}
        )
        for person in content().people
    ),
    **{
        name: text(SECRET)
        for name in (
            "allegation_summary",
            "locations",
            "extent",
            "vulnerability",
            "child_whereabouts",
            "perpetrator_whereabouts",
            "present_danger_description",
            "handicapping_condition",
            "adult_functioning",
            "child_functioning",
            "parenting",
            "discipline",
            "earlier_services",
        )
    },
)


def announced(scenario: Scenario) -> list[PublicEvent]:
    return [event for fact in recorded(scenario.past) for event in announce(fact)]


def whole_course() -> Scenario:
    """Every command once, each with confidential text wherever it may be given."""
    secret, police = text(SECRET), ("Alder County Sheriff", "Alder County")
    out = screen("screened-out", reason=secret, referred_to=secret)
    return after(
        receive(EVERYTHING),
        amend(locations=secret),
        RecordSuspicion(CHILD, "maltreatment", CALL, by=WILMA, at=ENTRY),
        SEARCH,
        FORM,
        answer(),
        out,
        ReviewScreenedOut(agreed=False, reason=secret, another_person=False, by=RITA, at=ENTRY),
        screen(),
        custody_assign(staffed_at=None),
        StaffAssignment(ENTRY, by=RITA, at=ENTRY),
        SharePriorReports(by=SAM, at=ENTRY),
        RecordPoliceCall(*police, secret, secret, ENTRY, ENTRY, by=SAM, at=ENTRY),
    )


def test_nothing_confidential_is_announced() -> None:
    """Decision 3 of the design: no names, no addresses, no narrative, never the reporter."""
    events = announced(whole_course())
    sent = b"".join(event.to_json() for event in events)
    assert SECRET.encode() not in sent
    for confidential in (CALLER, UNCLE, EARLIER):
        assert str(confidential).encode() not in sent
    assert {type(event) for event in events} >= {
        public.ReportReceived,
        public.ReportAmended,
        public.ReportEntered,
        public.MaltreatmentSuspected,
        public.PriorReportsSearched,
        public.ResponseLevelProposed,
        public.ResponseLevelOverridden,
        public.ReportScreened,
        public.ScreeningSecondRead,
        public.ReportAssigned,
        public.LawEnforcementNotified,
    }


def test_every_announcement_is_keyed_by_the_report_and_names_its_county() -> None:
    for event in announced(whole_course()):
        assert (event.topic, event.subject, orjson.loads(event.to_json())["county"]) == ("intake", str(REPORT), "Alder")


def test_a_report_is_announced_with_its_coded_values() -> None:
    received = announced(after(receive(custody())))[0]
    assert orjson.loads(received.to_json()) == {
        "reportId": str(REPORT),
        "county": "Alder",
        "receivedAt": "2026-03-02T15:00:00Z",
        "enteredAt": "2026-03-02T15:10:00Z",
        "channel": "phone",
        "reporterType": "mandated",
        "victims": [str(CHILD)],
        "allegations": ["abuse"],
        "childInCustody": True,
        "setting": "resource-home",
        "resourceHomeId": str(HOME),
        "felonyType": "none",
    }


@pytest.mark.parametrize(
    ("setting", "announced_as"),
    [
        ("own-home", "own-home"),
        ("resource-home", "resource-home"),
        ("therapeutic-foster-home", "resource-home"),
        ("congregate-facility", "facility"),
        ("other", "other"),
        ("not-known", None),
        (None, None),
    ],
)
def test_the_setting_is_announced_in_the_words_of_the_vocabulary(
    setting: Setting | None, announced_as: str | None
) -> None:
    received = announced(after(receive(content(setting=setting))))[0]
    assert isinstance(received, public.ReportReceived)
    assert received.setting == announced_as


@pytest.mark.parametrize(("known", "announced_as"), [("yes", True), ("no", False), ("not-known", None), (None, None)])
def test_custody_that_is_not_known_is_not_announced(known: str | None, announced_as: bool | None) -> None:
    received = announced(after(receive(content(child_in_custody=known))))[0]
    assert isinstance(received, public.ReportReceived)
    assert received.child_in_custody is announced_as


def test_an_amendment_announces_the_report_as_it_stands() -> None:
    amended = announced(after(receive(), amend(felony_ground="sexual-abuse", child_in_custody="yes")))[2]
    assert isinstance(amended, public.ReportAmended)
    assert (amended.felony_type, amended.child_in_custody, amended.victims) == ("sexual-abuse", True, (CHILD,))


def test_an_assignment_announces_what_the_gate_asks() -> None:
    """custody-investigator-qualified.policy-2009."""
    assigned = announced(screened(custody()).given(*screened(custody()).when(custody_assign()).decided()))[-1]
    assert isinstance(assigned, public.ReportAssigned)
    assert (assigned.custody_trained, assigned.case_tie, assigned.licensed_the_home) == (True, False, False)
    assert assigned.staffed


def test_a_search_announces_how_much_was_found() -> None:
    searched = announced(after(receive(), SEARCH))[2]
    assert isinstance(searched, public.PriorReportsSearched)
    assert searched.match_count == 0


def test_screening_with_level_and_danger_is_announced() -> None:
    scenario = screened(content(present_danger="yes"), level="3")
    decided = announced(scenario)[-1]
    assert isinstance(decided, public.ReportScreened)
    assert (decided.decision, decided.level, decided.present_danger) == ("screened-in", "3", True)


def test_every_private_event_is_stored_under_the_name_of_the_service() -> None:
    assert all(name.startswith("intake.") for name in REGISTRY.classes)


def test_a_sharing_of_earlier_reports_names_the_investigator_only() -> None:
    """prior-reports-shared.settlement."""
    found = replace(SEARCH, found=(PriorReport(report_id=EARLIER),))
    shared = announced(after(receive(), found, answer(answers()), screen(), assign()))[-1]
    assert isinstance(shared, public.PriorReportsShared)
    assert (shared.investigator_id, str(EARLIER) in shared.to_json().decode()) == (WILMA, False)
    assert shared.at == ENTRY
