"""What is done with a report: search, screening, review, assignment, the call to the police."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from events.bodies import Body, Day, Ids, Instant, Line, Narrative
from events.private import Private
from intake import vocabulary as words
from intake.answers import CriterionAnswer, ScreeningAnswers
from intake.prior import PriorReport


class EarlierReportBody(Body):
    """An earlier report that the searcher found elsewhere, or knows more about."""

    report_id: UUID
    substantiated_on: Day | None = None

    def report(self) -> PriorReport:
        texts = self.private(self.report_id, "substantiated_on")
        return PriorReport(report_id=self.report_id, **texts)


class PriorSearchBody(Body):
    """What was searched (F-INT-02). The index is searched too, and what it finds is added."""

    family: bool
    children: Ids
    also_found: Annotated[tuple[EarlierReportBody, ...], Field(max_length=100)] = ()


class CriterionBody(Body):
    item: Line
    answer: Narrative


class CriteriaFormBody(Body):
    """The standard criteria form of a custody report (F-INT-06)."""

    version: Line
    uses: Annotated[tuple[words.Use, ...], Field(min_length=1, max_length=3)]
    answers: Annotated[tuple[CriterionBody, ...], Field(min_length=1, max_length=200)]

    def criteria(self, report_id: UUID) -> tuple[CriterionAnswer, ...]:
        return tuple(CriterionAnswer(item=each.item, answer=Private(report_id, each.answer)) for each in self.answers)


class AnswersBody(Body):
    """The four screening questions (F-INT-03)."""

    family_can_be_found: bool
    perpetrator_is_parent: bool
    meets_definition: bool
    imminent_danger: words.Danger

    def answers(self) -> ScreeningAnswers:
        return ScreeningAnswers(**self.model_dump())


class OverrideBody(Body):
    """Another level than the one in force, and why."""

    to_level: words.Level
    reason: Narrative | None = None


class ScreeningBody(Body):
    """The supervisor's decision (F-INT-03). `screenedAt` is given when it was taken before it is entered."""

    decision: words.Decision
    agrees: bool | None = None
    new_level: words.Level | None = None
    reason: Narrative | None = None
    referred_to: Narrative | None = None
    immediate_response_needed: bool | None = None
    law_enforcement_referral_needed: bool | None = None
    screened_at: Instant | None = None


class ReviewBody(Body):
    """The review of a screened-out report as a new one."""

    agreed: bool
    reason: Narrative | None = None


class AssignmentBody(Body):
    """To whom, and what is recorded with it (F-INT-04). `assignedAt` is given when it was done before it is entered."""

    worker_id: Line
    staffed_at: Instant | None = None
    prior_reports: Ids | None = None
    custody_trained: bool | None = None
    case_tie: bool | None = None
    licensed_the_home: bool | None = None
    accompanied_by: Line | None = None
    assigned_at: Instant | None = None


class StaffingBody(Body):
    """When the assignment was staffed with the worker."""

    staffed_at: Instant


class PoliceCallBody(Body):
    """The call to the law enforcement agency with jurisdiction (F-INT-05)."""

    agency: Line
    jurisdiction: Line | None = None
    place: Narrative | None = None
    told: Narrative | None = None
    supervisor_received_at: Instant | None = None
    called_at: Instant


class SuspicionBody(Body):
    """A staff member's suspicion about a child in custody, recorded with its formal report."""

    child_id: UUID
    suspicion: words.Suspicion
    suspected_at: Instant
