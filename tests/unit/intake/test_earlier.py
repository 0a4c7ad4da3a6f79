"""Earlier reports: searched before screening, given to the investigator at once."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from events.ids import derived
from events.testing import Scenario
from intake.commands import SearchPriorReports, SharePriorReports
from intake.events import PriorReportsSearched, PriorReportsShared, ReportScreened
from intake.flag import Flag
from intake.prior import PriorReport
from intake.report import DECIDER
from intake.testing import (
    CHILD,
    DESK,
    EARLIER,
    ENTRY,
    REPORT,
    SAM,
    SEARCH,
    WILMA,
    after,
    amend,
    answer,
    assign,
    person,
    receive,
    screen,
    screened,
    text,
)

SISTER = derived("person", "sister")
OLDER = derived("report", "older")


def found(*reports: UUID, substantiated: str | None = None) -> SearchPriorReports:
    date = text(substantiated) if substantiated else None
    return replace(SEARCH, found=tuple(PriorReport(report_id=each, substantiated_on=date) for each in reports))


def test_a_search_is_recorded_with_what_it_found() -> None:
    """R-INT-004."""
    after(receive()).when(found(EARLIER)).then(
        PriorReportsSearched(
            report_id=REPORT,
            county="Alder",
            family=True,
            children=(CHILD,),
            found=(PriorReport(report_id=EARLIER),),
            recently_substantiated=False,
            searched_by=DESK,
            searched_at=ENTRY,
        )
    )


@pytest.mark.parametrize(
    "searches",
    [(), (replace(SEARCH, family=False),), (replace(SEARCH, children=()),)],
    ids=["nothing searched", "family not searched", "child not searched"],
)
def test_screening_is_refused_until_the_family_and_each_child_were_searched(
    searches: tuple[SearchPriorReports, ...],
) -> None:
    """R-INT-004, prior-reports-searched.settlement (D-13, D-36)."""
    for decision in ("screened-in", "screened-out"):
        refusal = after(receive(), *searches, answer()).when(screen(decision)).rejected("prior-reports-not-searched")
        assert refusal.rule == "R-INT-004 prior-reports-searched.settlement"


def test_a_child_named_later_must_be_searched_too() -> None:
    """R-INT-004, prior-reports-searched.settlement."""
    scenario = after(receive(), SEARCH, answer(), amend(people=(person(SISTER, "victim"),)))
    scenario.when(screen()).rejected("prior-reports-not-searched")
    searched = scenario.given(*scenario.when(replace(SEARCH, children=(SISTER,))).decided())
    assert searched.when(screen()).state().status == "screened-in"


def test_a_screening_that_already_happened_is_accepted_with_an_exception() -> None:
    """R-INT-004, prior-reports-searched.settlement (gate_mode block)."""
    scenario = after(receive(), answer()).when(screen(screened_at=ENTRY - timedelta(minutes=1)))
    decided = scenario.decided()[0]
    assert isinstance(decided, ReportScreened)
    assert decided.exceptions == (Flag(code="screened-without-prior-search", rule="R-INT-004", severity="exception"),)
    assert scenario.state().flags[0].severity == "exception"


@pytest.mark.parametrize(
    ("window", "on", "recent"),
    [(None, "2019-01-01", True), (90, "2026-01-01", True), (90, "2025-11-01", False)],
)
def test_a_report_substantiated_inside_the_agencys_window_is_recent(window: int | None, on: str, recent: bool) -> None:
    """R-INT-018; on 2 March 2026."""
    command = replace(found(EARLIER, substantiated=on), window=timedelta(days=window) if window else None)
    assert after(receive()).when(command).state().search.recently_substantiated is recent


def test_a_recent_report_found_after_the_answers_changes_what_is_proposed() -> None:
    """R-INT-018."""
    scenario = after(receive(), answer()).when(found(EARLIER, substantiated="2026-01-01"))
    assert scenario.state().conditions == ("recent-substantiated-report",)


def with_found(*reports: UUID) -> Scenario:
    return after(receive(), found(*reports), answer(), screen())


def test_assigning_gives_the_investigator_everything_found_at_once() -> None:
    """R-INT-005, prior-reports-shared.settlement."""
    shared = with_found(EARLIER, OLDER).when(assign()).decided()[1]
    assert shared == PriorReportsShared(
        report_id=REPORT,
        county="Alder",
        worker_id=WILMA,
        reports=(EARLIER, OLDER),
        by=SAM,
        shared_at=ENTRY,
    )


def test_nothing_is_shared_when_nothing_was_found() -> None:
    """R-INT-005."""
    assert len(screened().when(assign()).decided()) == 1


def test_found_reports_that_were_not_attached_are_flagged_until_they_are_shared() -> None:
    """R-INT-005."""
    assigned = with_found(EARLIER, OLDER).when(assign(prior_reports=(OLDER,)))
    assert [(flag.code, flag.rule) for flag in assigned.state().flags] == [("prior-reports-not-attached", "R-INT-005")]
    share = SharePriorReports(by=SAM, at=ENTRY)
    later = assigned.given(*assigned.decided()).when(share)
    assert later.state().flags == ()
    later.given(*later.decided()).when(share).nothing()


def test_another_investigator_is_given_the_earlier_reports_anew() -> None:
    """R-INT-005."""
    assigned = with_found(EARLIER).when(assign())
    again = assigned.given(*assigned.decided()).when(assign("walter-worker"))
    shared = again.decided()[1]
    assert isinstance(shared, PriorReportsShared)
    assert (shared.worker_id, shared.reports) == ("walter-worker", (EARLIER,))


def test_reports_are_not_shared_before_anyone_is_assigned() -> None:
    with_found(EARLIER).when(SharePriorReports(by=SAM, at=ENTRY)).rejected("report-not-assigned")
    Scenario(DECIDER).when(SharePriorReports(by=SAM, at=ENTRY)).rejected("report-not-found")
