"""Flags: what was accepted but is not as the rules want it. Computed from the state after each command."""

from collections.abc import Iterable, Iterator

from events.private import Private
from investigation.forms import Flag, Form
from investigation.guards import said
from investigation.state import Investigation, SafetyPlan

ASSESSMENT_CONTENT = (
    "extent",
    "circumstances",
    "adult_functioning",
    "child_functioning",
    "parenting",
    "discipline",
    "protection_capacity",
)
RISK_CONTENT = (
    "strengths_and_needs",
    "history",
    "family_connections",
    "stressors",
    "caretaker_functioning",
    "health_concerns",
    "school_functioning",
)
HISTORY_CONTENT = ("earlier_maltreatment", "prior_services", "effect_of_services", "view_of_services", "view_of_change")
SEARCHES = ("background-check", "state-system", "central-registry", "case-files")


def flags(now: Investigation) -> tuple[Flag, ...]:
    """The flags of an investigation, each once, in a stable order."""
    found = [
        *_interviews(now),
        *_interview_missing(now),
        *_history(now),
        *_assessment(now),
        *_risk(now),
        *(flag for plan in now.plans.values() for flag in _plan(plan)),
        *_case_decision(now),
    ]
    return tuple(sorted(set(found), key=lambda flag: (flag.rule, flag.code, flag.about)))


def _interviews(now: Investigation) -> Iterator[Flag]:
    in_resource_home = now.receipt is not None and now.receipt.setting == "resource-home"
    for interview in now.interviews:
        apart = interview.alone and interview.private and interview.away_from_home
        if in_resource_home and interview.child_id in now.victims and not apart:
            yield Flag(code="victim-interview-not-apart", rule="R-INV-006", about=str(interview.child_id))
        if not interview.private:
            yield Flag(code="child-interview-not-private", rule="R-INV-013", about=str(interview.child_id))


def _interview_missing(now: Investigation) -> Iterator[Flag]:
    """Asked from the submission on."""
    roles = {contact.role for contact in now.contacts}
    if now.submission is None:
        return
    for role in ("caretaker", "alleged-perpetrator"):
        if role not in roles:
            yield Flag(code="required-party-not-interviewed", rule="R-INV-013", about=role)


def _history(now: Investigation) -> Iterator[Flag]:
    if now.history is None:
        if now.submission is not None:
            yield Flag(code="history-not-reviewed", rule="R-INV-031")
        return
    check = now.history.check
    searched = {*check.searched, *(["background-check"] if said(check.background_not_applicable) else [])}
    for search in SEARCHES:
        if search not in searched:
            yield Flag(code="history-not-reviewed", rule="R-INV-031", about=search)
    yield from _silent(check, HISTORY_CONTENT, "history-content-missing", "R-INV-057")


def _assessment(now: Investigation) -> Iterator[Flag]:
    if now.assessment is None:
        return
    form = now.assessment.form
    yield from _silent(form, ASSESSMENT_CONTENT, "assessment-content-missing", "R-INV-021")
    if form.native_heritage == "not-yet-known":
        yield Flag(code="native-heritage-not-yet-known", rule="R-INV-023")
    children = {child.child_id: child for child in form.children}
    for child_id in now.in_home:
        child = children.get(child_id)
        if child is None or child.decision is None:
            yield Flag(code="safety-decision-missing", rule="R-INV-027", about=str(child_id))
        elif not said(child.vulnerability):
            yield Flag(code="vulnerability-not-described", rule="R-INV-022", about=str(child_id))
    described = {caregiver.person_id for caregiver in form.caregivers if said(caregiver.described)}
    for caretaker in now.household.caretaker_ids if now.household else ():
        if caretaker not in described:
            yield Flag(code="protective-capacities-not-described", rule="R-INV-022", about=str(caretaker))


def _risk(now: Investigation) -> Iterator[Flag]:
    if now.risk is not None:
        yield from _silent(now.risk.form, RISK_CONTENT, "risk-content-missing", "R-INV-029")


def _plan(plan: SafetyPlan) -> Iterator[Flag]:
    name, form = str(plan.plan_id), plan.form
    if form.avoids_placement and plan.court != "approved":
        yield Flag(code="youth-court-approval-missing", rule="R-INV-042", about=name)
    if not form.child_remains_home and not said(form.less_intrusive_reason):
        yield Flag(code="less-intrusive-plan-not-considered", rule="R-INV-041", about=name)
    if form.family_meeting_id is None:
        yield Flag(code="family-meeting-missing", rule="R-INV-043", about=name)
    if plan.activation is None:
        return
    if any(each.signed_on is None for each in plan.activation.signatures):
        yield Flag(code="safety-plan-signature-missing", rule="R-INV-038", about=name)
    if set(plan.activation.copies) != {"family", "responsible-parties", "case-record"}:
        yield Flag(code="safety-plan-copies-missing", rule="R-INV-039", about=name)


def _case_decision(now: Investigation) -> Iterator[Flag]:
    if now.approval is None:
        return
    case = now.approval.case
    if case.basis is None:
        yield Flag(code="case-decision-without-basis", rule="R-INV-050")
    if not case.opens and now.approval.risk_level == "medium" and not said(case.medium_considered):
        yield Flag(code="medium-risk-not-considered", rule="R-INV-051")
    if case.opens and now.approval.safety_threat and not _services(case.services, case.no_services_reason):
        yield Flag(code="safety-services-not-recorded", rule="R-INV-060")


def _services(services: tuple[str, ...], reason: Private[str] | None) -> bool:
    return said(reason) if "none" in services else bool(services)


def _silent(form: Form, parts: Iterable[str], code: str, rule: str) -> Iterator[Flag]:
    for part in parts:
        if not said(getattr(form, part)):
            yield Flag(code=code, rule=rule, about=part.replace("_", "-"))
