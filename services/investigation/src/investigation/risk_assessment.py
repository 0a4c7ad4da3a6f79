"""The initial risk assessment and its approval."""

from events.decider import Rejected
from investigation.commands import ApproveRiskAssessment, CompleteRiskAssessment, ReturnRiskAssessment
from investigation.events import (
    InvestigationEvent,
    RiskAssessmentApproved,
    RiskAssessmentCompleted,
    RiskAssessmentReturned,
)
from investigation.guards import about, of_another, owned, reasoned
from investigation.state import Investigation


def complete(command: CompleteRiskAssessment, now: Investigation) -> list[InvestigationEvent]:
    """R-INV-028: low, medium or high."""
    return [RiskAssessmentCompleted(**about(now), at=command.at, form=owned(now, command.form), by=command.by)]


def approve(command: ApproveRiskAssessment, now: Investigation) -> list[InvestigationEvent]:
    """R-INV-030."""
    if now.risk_review == "signed":
        return []
    completed = assessed(now)
    of_another(command.by, now.worker_id, completed.by, rule="R-INV-030", source="003:2204")
    return [RiskAssessmentApproved(**about(now), at=command.at, by=command.by)]


def return_for_work(command: ReturnRiskAssessment, now: Investigation) -> list[InvestigationEvent]:
    """R-INV-052."""
    if now.risk_review == "signed":
        raise Rejected("risk-assessment-signed", "an approved risk assessment is final", rule="R-INV-030")
    assessed(now)
    reason = reasoned(now, command.reason)
    return [RiskAssessmentReturned(**about(now), at=command.at, reason=reason, by=command.by)]


def assessed(now: Investigation) -> RiskAssessmentCompleted:
    """The completed risk assessment that is not sent back."""
    if now.risk is None or now.risk_review == "returned":
        raise Rejected(
            "risk-assessment-missing",
            "the risk assessment is not completed" if now.risk is None else "it was returned and is not redone",
            rule="R-INV-030",
            source="003:1903",
        )
    return now.risk


def signed(now: Investigation) -> RiskAssessmentCompleted:
    """R-INV-030, risk-assessment-signoff.policy-2009."""
    if now.risk is None or now.risk_review != "signed":
        raise Rejected(
            "risk-assessment-unapproved",
            "the supervisor has not approved the risk assessment",
            rule="R-INV-030 risk-assessment-signoff.policy-2009",
            source="003:2204",
        )
    return now.risk
