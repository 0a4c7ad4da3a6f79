"""What the neighbours learn of each fact: never a name, a place, a narrative or a reason."""

from collections.abc import Sequence
from typing import Any

from events.contracts import investigation as public
from events.event import PublicEvent
from events.recorded import Recorded
from investigation.events import (
    ChildInterviewed,
    ContactMade,
    FindingsMade,
    HistoryReviewed,
    InvestigationApproved,
    InvestigationEscalated,
    InvestigationFact,
    InvestigationInitiated,
    InvestigationOpened,
    InvestigationReturned,
    InvestigationSubmitted,
    RiskAssessmentApproved,
    RiskAssessmentCompleted,
    SafetyAssessmentApproved,
    SafetyAssessmentCompleted,
    SafetyChecklistCompleted,
    SafetyPlanActivated,
    SafetyPlanCreated,
    YouthCourtDecisionRecorded,
)


def announce(recorded: Recorded[Any]) -> Sequence[PublicEvent]:
    """The public events of one stored fact; most facts have one, some have none."""
    fact = recorded.event
    if not isinstance(fact, InvestigationFact):
        return []
    about = {name: getattr(fact, name) for name in ("investigation_id", "report_id", "county", "worker_id")}
    match fact:
        case InvestigationOpened():
            return [
                public.InvestigationOpened(
                    **about,
                    level=fact.level,
                    child_in_custody=fact.child_in_custody,
                    opened_at=fact.at,
                    child_ids=fact.child_ids,
                )
            ]
        case InvestigationInitiated():
            return [
                public.InvestigationInitiated(**about, contacted=fact.person_id, contact_type=fact.role, at=fact.at)
            ]
        case ContactMade():
            return [_contact(about, fact)]
        case ChildInterviewed():
            return _interview(about, fact)
        case HistoryReviewed():
            return [public.BackgroundHistoryReviewed(**about, systems_searched=fact.check.searched, at=fact.at)]
        case SafetyAssessmentCompleted():
            return _assessment(about, fact)
        case SafetyAssessmentApproved():
            return [public.SafetyAssessmentApproved(**about, supervisor_id=fact.by, at=fact.at)]
        case InvestigationEscalated():
            return [public.InvestigationEscalated(**about, from_level=fact.from_level, at=fact.at)]
        case SafetyChecklistCompleted():
            ages = tuple(child.age for child in fact.children)
            hazards = {hazard for child in fact.children for hazard in child.hazards}
            return [public.SafetyChecklistCompleted(**about, child_ages=ages, hazards=tuple(sorted(hazards)))]
        case RiskAssessmentCompleted():
            return [public.RiskAssessmentCompleted(**about, tool=fact.form.tool, level=fact.form.level, at=fact.at)]
        case RiskAssessmentApproved():
            return [public.RiskAssessmentApproved(**about, supervisor_id=fact.by, at=fact.at)]
        case FindingsMade():
            return [
                public.MaltreatmentFindingMade(**about, allegation=each.allegation, finding=each.finding)
                for each in fact.form.determinations
            ]
        case SafetyPlanCreated() | YouthCourtDecisionRecorded() | SafetyPlanActivated():
            return [_plan(about, fact)]
        case InvestigationSubmitted() | InvestigationReturned() | InvestigationApproved():
            return [_conclusion(about, fact)]
        case _:
            return []


def _contact(about: dict[str, Any], fact: ContactMade) -> PublicEvent:
    contact = fact.contact
    return public.InvestigationContactMade(
        **about,
        person_id=contact.person_id,
        role=contact.role,
        face_to_face=contact.means == "face-to-face",
        private=contact.private,
        in_home=contact.in_home,
        at=fact.at,
    )


def _interview(about: dict[str, Any], fact: ChildInterviewed) -> list[PublicEvent]:
    interview = fact.interview
    face_to_face = interview.means == "face-to-face"
    return [
        public.InvestigationContactMade(
            **about,
            person_id=interview.child_id,
            role=interview.role,
            face_to_face=face_to_face,
            private=interview.private,
            in_home=interview.in_home,
            at=fact.at,
        ),
        public.ChildInterviewed(
            **about,
            child_id=interview.child_id,
            private=interview.private,
            alone=interview.alone,
            away_from_home=interview.away_from_home,
            face_to_face=face_to_face,
            at=fact.at,
        ),
    ]


def _assessment(about: dict[str, Any], fact: SafetyAssessmentCompleted) -> list[PublicEvent]:
    form = fact.form
    assert form.native_heritage is not None
    completed = public.SafetyAssessmentCompleted(
        **about,
        stage=form.stage,
        form_version=form.form_version,
        factors=tuple(answer.number for answer in form.found),
        factors_yes=len(form.found),
        children_assessed="all" if fact.all_children_assessed else "some",
        native_heritage=form.native_heritage,
        at=fact.at,
    )
    found = [
        public.SafetyFactorFound(**about, factor_no=answer.number, child_ids=answer.child_ids, at=fact.at)
        for answer in form.found
    ]
    return [completed, *found]


def _plan(
    about: dict[str, Any], fact: SafetyPlanCreated | YouthCourtDecisionRecorded | SafetyPlanActivated
) -> PublicEvent:
    match fact:
        case SafetyPlanCreated(form=form):
            return public.SafetyPlanCreated(
                **about,
                plan_id=fact.plan_id,
                case_id=form.case_id,
                factors=form.factors,
                in_effect_until=form.in_effect_until,
                child_remains_home=form.child_remains_home,
                avoids_placement=form.avoids_placement,
                at=fact.at,
            )
        case YouthCourtDecisionRecorded():
            return public.YouthCourtDecisionOnSafetyPlanRecorded(
                **about, plan_id=fact.plan_id, case_id=fact.case_id, outcome=fact.outcome, at=fact.at
            )
        case SafetyPlanActivated():
            return public.SafetyPlanActivated(
                **about,
                plan_id=fact.plan_id,
                case_id=fact.case_id,
                in_effect_until=fact.in_effect_until,
                at=fact.at,
            )


def _conclusion(
    about: dict[str, Any], fact: InvestigationSubmitted | InvestigationReturned | InvestigationApproved
) -> PublicEvent:
    match fact:
        case InvestigationSubmitted():
            return public.InvestigationSubmitted(
                **about,
                by=fact.by,
                disposition=fact.disposition,
                risk_level=fact.risk_level,
                safety_threat=fact.safety_threat,
                at=fact.at,
            )
        case InvestigationReturned():
            return public.InvestigationReturned(**about, by=fact.by, at=fact.at)
        case InvestigationApproved():
            return public.InvestigationApproved(
                **about,
                supervisor_id=fact.by,
                finding=fact.finding,
                risk_level=fact.risk_level,
                safety_threat=fact.safety_threat,
                case_opens=fact.case.opens,
                child_ids=fact.child_ids,
                child_in_custody=fact.child_in_custody,
                reported_setting=fact.reported_setting,
                home_or_facility_id=fact.home_or_facility_id,
                at=fact.at,
            )
