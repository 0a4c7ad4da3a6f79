"""Form 442B: twenty answers, a narrative for every yes, the supervisor's signature; and the safety checklist."""

from events.decider import Rejected
from investigation.commands import (
    ApproveSafetyAssessment,
    CompleteSafetyAssessment,
    CompleteSafetyChecklist,
    ReturnSafetyAssessment,
)
from investigation.events import (
    InvestigationEscalated,
    InvestigationEvent,
    SafetyAssessmentApproved,
    SafetyAssessmentCompleted,
    SafetyAssessmentReturned,
    SafetyChecklistCompleted,
)
from investigation.findings import findings_section_filled
from investigation.forms import SafetyForm
from investigation.guards import about, of_another, owned, reasoned, said
from investigation.policy import Policy
from investigation.state import Investigation

FACTORS = range(1, 21)


def complete(command: CompleteSafetyAssessment, now: Investigation) -> list[InvestigationEvent]:
    form: SafetyForm = owned(now, command.form)
    every_factor_answered(form)
    every_yes_described(form)
    heritage_answered(form)
    assessed = {child.child_id for child in form.children if child.decision}
    all_assessed = now.household is not None and assessed.issuperset(now.in_home)
    if command.policy.practice_model:
        every_child_decided(all_assessed)
    completed = SafetyAssessmentCompleted(
        **about(now), at=command.at, form=form, all_children_assessed=all_assessed, by=command.by
    )
    return [completed, *_escalated(command, now)]


def every_factor_answered(form: SafetyForm) -> None:
    """R-INV-014."""
    numbers = [answer.number for answer in form.factors]
    if len(set(numbers)) != len(numbers) or not set(numbers).issubset(FACTORS):
        raise Rejected(
            "safety-factor-unknown",
            "form 442B has the factors 1 to 20, each once",
            rule="R-INV-014",
            source="003:1901",
            field="factors",
        )
    answered = {answer.number for answer in form.factors if answer.yes is not None}
    missing = [number for number in FACTORS if number not in answered]
    if missing:
        raise Rejected(
            "safety-factor-unanswered",
            f"not answered yes or no: {', '.join(map(str, missing))}",
            rule="R-INV-014",
            source="003:1901",
            field="factors",
        )


def every_yes_described(form: SafetyForm) -> None:
    """R-INV-015."""
    missing = [answer.number for answer in form.found if not said(answer.narrative)]
    if missing:
        raise Rejected(
            "safety-factor-without-narrative",
            f"behaviours, conditions and circumstances are not described: {', '.join(map(str, missing))}",
            rule="R-INV-015",
            source="003:1901",
            field="factors",
        )


def heritage_answered(form: SafetyForm) -> None:
    """R-INV-023."""
    if form.native_heritage is None:
        raise Rejected(
            "native-heritage-unanswered",
            "answer yes, no or not yet known",
            rule="R-INV-023",
            source="003:2074",
            field="nativeHeritage",
        )


def every_child_decided(all_assessed: bool) -> None:
    """R-INV-027, where the practice model is on."""
    if not all_assessed:
        raise Rejected(
            "safety-decision-missing",
            "every child living in the home, subject of the report or not, needs a safety decision",
            rule="R-INV-027",
            source="003:2326",
            field="children",
        )


def _escalated(command: CompleteSafetyAssessment, now: Investigation) -> list[InvestigationEvent]:
    """R-INV-016, full-investigation-on-factor.policy-2009."""
    if not command.form.found or now.level != "2" or now.escalated:
        return []
    return [InvestigationEscalated(**about(now), at=command.at, from_level=now.level)]


def approve(command: ApproveSafetyAssessment, now: Investigation) -> list[InvestigationEvent]:
    """R-INV-018: final only when the supervisor has reviewed and signed it."""
    if now.assessment_review == "signed":
        return []
    completed = assessed(now)
    of_another(command.by, now.worker_id, completed.by, rule="R-INV-018", source="003:1901")
    if not completed.form.found:
        findings_section_filled(now)
    checklist_filled(now, command.policy)
    return [SafetyAssessmentApproved(**about(now), at=command.at, by=command.by)]


def return_for_work(command: ReturnSafetyAssessment, now: Investigation) -> list[InvestigationEvent]:
    """R-INV-052."""
    if now.assessment_review == "signed":
        raise Rejected("safety-assessment-signed", "a signed safety assessment is final", rule="R-INV-018")
    assessed(now)
    reason = reasoned(now, command.reason)
    return [SafetyAssessmentReturned(**about(now), at=command.at, reason=reason, by=command.by)]


def assessed(now: Investigation) -> SafetyAssessmentCompleted:
    """The completed safety assessment that is not sent back."""
    if now.assessment is None or now.assessment_review == "returned":
        raise Rejected(
            "safety-assessment-missing",
            "form 442B is not completed" if now.assessment is None else "form 442B was returned and is not redone",
            rule="R-INV-014",
            source="003:1901",
        )
    return now.assessment


def signed(now: Investigation) -> None:
    """R-INV-018, safety-assessment-signoff.policy-2009."""
    if now.assessment_review != "signed":
        raise Rejected(
            "safety-assessment-unsigned",
            "the supervisor has not signed the safety assessment",
            rule="R-INV-018 safety-assessment-signoff.policy-2009",
            source="003:1901",
        )


def complete_checklist(command: CompleteSafetyChecklist, now: Investigation) -> list[InvestigationEvent]:
    if not command.children:
        raise Rejected("checklist-empty", "a checklist is about a child", rule="R-INV-019", field="children")
    return [SafetyChecklistCompleted(**about(now), at=command.at, children=owned(now, command.children), by=command.by)]


def checklist_filled(now: Investigation, policy: Policy) -> None:
    """R-INV-019, D-07, safety-checklist.policy-2009: one for each young child of the home."""
    rule = "R-INV-019 D-07 safety-checklist.policy-2009"
    if now.household is None:
        raise Rejected(
            "household-not-recorded",
            "record the children in the home: a child of five or younger needs the safety checklist",
            rule=rule,
            source="003:1901",
        )
    young = [child for child in now.household.children if child.age <= policy.checklist_until_age]
    missing = [child.child_id for child in young if child.child_id not in now.checklists]
    if missing:
        raise Rejected(
            "safety-checklist-missing",
            f"no safety checklist for: {', '.join(map(str, missing))}",
            rule=rule,
            source="003:1901",
        )
