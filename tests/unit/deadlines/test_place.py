"""Where a subject belongs and who answers for it: county and worker come from the case, and follow it."""

from deadlines.clocks import Place
from deadlines.facts import known
from deadlines.place import place_of
from deadlines.subjects import Scope
from deadlines.testing import Story, local, thing

CASE, CHILD, HOME, PLACEMENT = thing("case"), thing("child"), thing("home"), thing("placement")
REPORT, OTHER_REPORT, INVESTIGATION = thing("report"), thing("other report"), thing("investigation")
REFERRAL, SERVICE = thing("referral"), thing("service")
REGIONS = {"Alder": "north", "Ash": "north", "Birch": "south"}
IN_ALDER = (
    Story()
    .said("CaseOpened", "2026-03-02 09:00", caseId=CASE, childIds=[CHILD], countyOfResponsibility="Alder")
    .said("CaseworkerAssigned", "2026-03-02 10:00", caseId=CASE, workerId="carla-caseworker", supervisorId="sam")
    .said("ChildEnteredCustody", "2026-03-03 09:00", childId=CHILD, caseId=CASE, age=9)
    .said("ChildPlaced", "2026-03-03 10:00", childId=CHILD, placementId=PLACEMENT, homeOrFacilityId=HOME)
)


def place(story: Story, kind: str, id: str) -> Place:
    return place_of(Scope(kind, id), known(story.facts, local("2030-01-01 12:00")), REGIONS)


def whose(story: Story, kind: str, id: str) -> tuple[str, str | None, str | None, str | None]:
    found = place(story, kind, id)
    return found.county, found.region, found.worker_id, found.supervisor_id


def test_child_case_and_placement_lie_where_the_case_does_and_its_caseworker_answers() -> None:
    """ChildPlaced and ChildEnteredCustody carry no county: the case tells it."""
    for kind, id in (("case", CASE), ("child", CHILD)):
        assert whose(IN_ALDER, kind, id) == ("Alder", "north", "carla-caseworker", "sam")
    assert place(IN_ALDER, "placement", PLACEMENT).county == "Alder"
    assert place(IN_ALDER, "child", CHILD).scope == f"child:{CHILD}"


def test_a_transfer_takes_case_and_child_to_another_county_and_worker() -> None:
    moved = IN_ALDER.said(
        "CaseworkerAssigned", "2026-04-01 09:00", caseId=CASE, workerId="cora-caseworker", supervisorId="sue",
        countyOfResponsibility="Birch",
    )  # fmt: skip
    for kind, id in (("case", CASE), ("child", CHILD)):
        assert whose(moved, kind, id) == ("Birch", "south", "cora-caseworker", "sue")


def test_a_new_report_on_a_child_of_a_case_does_not_take_the_child_from_its_caseworker() -> None:
    """The report lies in its own county with its own investigator; the child stays with the case."""
    story = (
        IN_ALDER.said("ReportReceived", "2026-05-04 09:00", reportId=REPORT, county="Birch", victims=[CHILD])
        .said("ReportAssigned", "2026-05-04 11:00", reportId=REPORT, county="Birch", workerId="ivo", by="sue")
        .said(
            "InvestigationOpened", "2026-05-04 11:01", investigationId=INVESTIGATION, reportId=REPORT,
            county="Birch", workerId="ivo", childIds=[CHILD],
        )
    )  # fmt: skip
    assert whose(story, "child", CHILD) == ("Alder", "north", "carla-caseworker", "sam")
    assert whose(story, "report", REPORT) == ("Birch", "south", "ivo", "sue")
    assert whose(story, "investigation", INVESTIGATION) == ("Birch", "south", "ivo", "sue")
    assert str(place(story, "child", CHILD).report_id) == REPORT


def test_a_child_without_a_case_lies_where_its_report_does() -> None:
    story = Story().said("ReportReceived", "2026-05-04 09:00", reportId=REPORT, county="Ash", victims=[CHILD])
    story = story.said("ReportAssigned", "2026-05-04 11:00", reportId=REPORT, workerId="ivo", by="sue")
    assert whose(story, "child", CHILD) == ("Ash", "north", "ivo", "sue")


def test_another_report_of_the_same_worker_says_nothing_about_this_one() -> None:
    """A worker ties two reports of two counties; each keeps its own place."""
    story = (
        Story()
        .said("ReportReceived", "2026-05-01 09:00", reportId=OTHER_REPORT, county="Birch", victims=[])
        .said("ReportAssigned", "2026-05-01 11:00", reportId=OTHER_REPORT, county="Birch", workerId="ivo", by="sue")
        .said("ReportReceived", "2026-05-04 09:00", reportId=REPORT, county="Alder", victims=[])
        .said("ReportAssigned", "2026-05-04 11:00", reportId=REPORT, county="Alder", workerId="ivo", by="sam")
        .said("ReportAssigned", "2026-05-05 11:00", reportId=REPORT, county="Alder", workerId="ida", by="sam")
        .said("ReportAssigned", "2026-05-06 11:00", reportId=OTHER_REPORT, county="Birch", workerId="ivo", by="sue")
    )
    assert whose(story, "report", REPORT) == ("Alder", "north", "ida", "sam")
    assert whose(story, "report", OTHER_REPORT) == ("Birch", "south", "ivo", "sue")


def test_a_service_lies_where_its_case_does_and_its_own_worker_answers() -> None:
    """FpsReferralMade and FpsFamilyAccepted carry no county."""
    story = IN_ALDER.said("FpsReferralMade", "2026-06-01 09:00", referralId=REFERRAL, caseId=CASE)
    assert whose(story, "referral", REFERRAL) == ("Alder", "north", "carla-caseworker", "sam")
    accepted = story.said(
        "FpsFamilyAccepted", "2026-06-03 09:00", serviceId=SERVICE, referralId=REFERRAL, caseId=CASE, workerId="fay",
    )  # fmt: skip
    assert whose(accepted, "service", SERVICE) == ("Alder", "north", "fay", None)


def test_a_correction_of_the_county_of_a_call_moves_the_report() -> None:
    story = Story().said("ReportReceived", "2026-05-04 09:00", reportId=REPORT, county="Ash", victims=[])
    corrected = story.said("ReportAmended", "2026-05-04 12:00", reportId=REPORT, county="Birch", victims=[])
    assert [place(each, "report", REPORT).county for each in (story, corrected)] == ["Ash", "Birch"]


def test_counties_and_regions_are_their_own_place() -> None:
    story = Story().said("FpsStaffingHeld", "2026-05-04 09:00", county="Ash")
    assert whose(story, "county", "Ash")[:2] == ("Ash", "north")
    assert whose(Story(), "region", "south")[:2] == ("", "south")
