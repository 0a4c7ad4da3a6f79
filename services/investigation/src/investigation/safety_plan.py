"""Safety plans: written at once, pending until they hold what a plan needs, then active for a stated period."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from events.decider import Rejected
from events.private import Private
from investigation.commands import ActivateSafetyPlan, CreateSafetyPlan, RecordYouthCourtDecision
from investigation.events import (
    InvestigationEvent,
    SafetyPlanActivated,
    SafetyPlanCreated,
    YouthCourtDecisionRecorded,
)
from investigation.forms import PlanForm, Signature
from investigation.guards import about, owned, said
from investigation.policy import Policy
from investigation.state import Investigation, SafetyPlan


def create(command: CreateSafetyPlan, now: Investigation) -> list[InvestigationEvent]:
    """A plan may be written again until it is active; what was written last counts."""
    plan = now.plans.get(command.plan_id)
    if plan and plan.activation:
        raise Rejected("safety-plan-active", "an active safety plan is not rewritten")
    form = owned(now, command.form)
    return [SafetyPlanCreated(**about(now), at=command.at, plan_id=command.plan_id, form=form, by=command.by)]


def record_court_decision(command: RecordYouthCourtDecision, now: Investigation) -> list[InvestigationEvent]:
    """R-INV-042: refusal and declined contact are outcomes too."""
    plan = planned(now, command.plan_id)
    if command.judge is None or not said(command.judge):
        raise Rejected("judge-missing", "name the judge who was contacted", rule="R-INV-042", field="judge")
    return [
        YouthCourtDecisionRecorded(
            **about(now),
            at=command.at,
            plan_id=plan.plan_id,
            judge=owned(now, command.judge),
            outcome=command.outcome,
            note=owned(now, command.note),
            case_id=plan.form.case_id,
            by=command.by,
        )
    ]


def activate(command: ActivateSafetyPlan, now: Investigation) -> list[InvestigationEvent]:
    plan = planned(now, command.plan_id)
    if plan.activation:
        return []
    control_named(plan.form)
    actions_accessible(plan.form)
    parties_assessed(plan.form)
    nothing_promised(plan.form)
    monitoring_named(plan.form)
    until = ends_on(plan.form, command.policy.day(command.at))
    signed_or_explained(plan.form, command.signatures)
    return [
        SafetyPlanActivated(
            **about(now),
            at=command.at,
            plan_id=plan.plan_id,
            case_id=plan.form.case_id,
            in_effect_until=until,
            signatures=tuple(_owned_signature(now, each) for each in command.signatures),
            copies=command.copies,
            by=command.by,
        )
    ]


def planned(now: Investigation, plan_id: UUID) -> SafetyPlan:
    """The plan of this id."""
    if plan_id not in now.plans:
        raise Rejected("safety-plan-not-found", "no safety plan was written under this id", status=404)
    return now.plans[plan_id]


def control_named(form: PlanForm) -> None:
    """R-INV-033."""
    if (
        not form.factors
        or not form.actions
        or not all(each.immediate and said(each.description) for each in form.actions)
    ):
        raise _incomplete(
            "safety-plan-without-control",
            "name the safety factor controlled and specific actions with immediate effect",
            "R-INV-033",
            "003:2525",
        )


def actions_accessible(form: PlanForm) -> None:
    """R-INV-034."""
    if not all(each.accessible for each in form.actions):
        raise _incomplete(
            "safety-plan-not-accessible", "confirm each intervention as always accessible", "R-INV-034", "003:2527"
        )


def ends_on(form: PlanForm, today: date) -> date:
    """R-INV-035: the last day of the period the plan stays in effect."""
    until = form.in_effect_until
    if until is None or until < form.in_effect_from or until < today:
        raise _incomplete(
            "safety-plan-without-end",
            "give the end of the period, not before its start and not past",
            "R-INV-035",
            "003:2528",
        )
    return until


def parties_assessed(form: PlanForm) -> None:
    """R-INV-036."""
    if not all(each.responsible_id and said(each.suitability) for each in form.actions):
        raise _incomplete(
            "safety-plan-party-unassessed",
            "each action needs a responsible party whose suitability, reliability and capacity were assessed",
            "R-INV-036",
            "003:2529",
        )


def nothing_promised(form: PlanForm) -> None:
    """R-INV-037."""
    if not all(each.no_promise for each in form.actions):
        raise _incomplete(
            "safety-plan-rests-on-promise", "confirm for each action that it is not a promise", "R-INV-037", "003:2531"
        )


def monitoring_named(form: PlanForm) -> None:
    """R-INV-040."""
    if not (said(form.monitoring) and form.monitor_id and said(form.monitor_capacity)):
        raise _incomplete(
            "safety-plan-unmonitored",
            "say how the plan is monitored, by whom, and that person's capacity to monitor",
            "R-INV-040",
            "003:2376",
        )


def signed_or_explained(form: PlanForm, signatures: Iterable[Signature]) -> None:
    """R-INV-038, D-02: a child must not go without a plan, so a missing signature needs a reason and stays flagged."""
    given = [each for each in signatures if each.signed_on or (each.role != "caseworker" and said(each.missing_reason))]
    parties = {each.responsible_id for each in form.actions if each.responsible_id}
    missing: list[str] = [role for role in ("parent", "caseworker") if role not in {each.role for each in given}]
    missing += [str(party) for party in sorted(parties - {each.person_id for each in given})]
    if missing:
        raise _incomplete(
            "safety-plan-unsigned",
            f"neither a signature nor a reason for its absence: {', '.join(missing)}",
            "R-INV-038 D-02",
            "003:2532",
        )


def active_plan(now: Investigation, at: datetime, policy: Policy) -> None:
    """R-INV-032: with a factor answered yes, a safety plan is in effect."""
    today = policy.day(at)
    active = [plan.activation for plan in now.plans.values() if plan.activation]
    if now.factors_found and not any(each.in_effect_until >= today for each in active):
        raise Rejected(
            "safety-plan-missing",
            "a safety factor is present and no safety plan is in effect",
            rule="R-INV-032",
            source="003:1933",
        )


def _owned_signature(now: Investigation, signature: Signature) -> Signature:
    person, reason = signature.person_id, signature.missing_reason
    if person is None or reason is None:
        owned_signature: Signature = owned(now, signature)
        return owned_signature
    return signature.model_copy(update={"missing_reason": Private(person, reason.value, reason.sealed)})


def _incomplete(code: str, detail: str, rule: str, source: str) -> Rejected:
    return Rejected(code, detail, rule=rule, source=source)
