"""The end: the worker submits, the supervisor approves or returns with a reason."""

from events.decider import Rejected
from investigation.commands import ApproveInvestigation, ReturnInvestigation, SubmitInvestigation
from investigation.contacts import all_children_interviewed, home_visited
from investigation.events import (
    InvestigationApproved,
    InvestigationEvent,
    InvestigationReturned,
    InvestigationSubmitted,
)
from investigation.findings import findings_section_filled, listed
from investigation.forms import CaseDecision, ReportForm, RiskLevel
from investigation.guards import about, of_another, owned, reasoned
from investigation.policy import Policy
from investigation.risk_assessment import signed as risk_signed
from investigation.safety_assessment import assessed, signed
from investigation.safety_plan import active_plan
from investigation.state import Investigation


def submit(command: SubmitInvestigation, now: Investigation) -> list[InvestigationEvent]:
    if now.status == "submitted":
        raise Rejected("investigation-already-submitted", "the supervisor has it")
    all_children_interviewed(now)
    home_visited(now)
    if not assessed(now).form.found:
        findings_section_filled(now)
    active_plan(now, command.at, command.policy)
    return [
        InvestigationSubmitted(
            **about(now),
            at=command.at,
            form=owned(now, command.form),
            disposition=disposed(command.form, command.policy),
            risk_level=now.risk.form.level if now.risk else None,
            safety_threat=now.safety_threat,
            by=command.by,
        )
    ]


def disposed(form: ReportForm, policy: Policy) -> str:
    """R-INV-048, D-03."""
    if not form.disposition:
        raise Rejected(
            "disposition-missing",
            "an investigation is completed with a disposition",
            rule="R-INV-048",
            source="003:2334",
            field="disposition",
        )
    listed(form.disposition, policy, field="disposition")
    return form.disposition


def submitted(now: Investigation) -> InvestigationSubmitted:
    """The submission that waits for the supervisor."""
    if now.status != "submitted" or now.submission is None:
        raise Rejected("investigation-not-submitted", "the worker has not submitted it", rule="R-INV-007")
    return now.submission


def send_back(command: ReturnInvestigation, now: Investigation) -> list[InvestigationEvent]:
    """R-INV-052."""
    submitted(now)
    reason = reasoned(now, command.reason)
    return [InvestigationReturned(**about(now), at=command.at, reason=reason, by=command.by)]


def approve(command: ApproveInvestigation, now: Investigation) -> list[InvestigationEvent]:
    """R-INV-007, R-INV-030: complete only with the supervisor's approval."""
    submission = submitted(now)
    of_another(command.by, now.worker_id, submission.by, rule="R-INV-030", source="003:2204")
    signed(now)
    risk = risk_signed(now)
    investigated_in_full(now)
    active_plan(now, command.at, command.policy)
    case_opened_on_safety(command.case, now)
    if command.policy.practice_model:
        case_opened_on_risk(command.case, risk.form.level)
    return [_approved(command, now, submission, risk.form.level)]


def investigated_in_full(now: Investigation) -> None:
    """R-INV-016, full-investigation-on-factor.policy-2009."""
    if now.factors_found and now.level == "2" and not now.escalated:
        raise Rejected(
            "not-investigated-in-full",
            "a safety factor was found, so a full investigation is due",
            rule="R-INV-016 full-investigation-on-factor.policy-2009",
            source="003:1901",
        )


def case_opened_on_safety(case: CaseDecision, now: Investigation) -> None:
    """R-INV-049, case-opened-on-safety.policy-2009."""
    if now.safety_threat and not case.opens:
        raise Rejected(
            "case-must-open-on-safety",
            "safety factors are present, so a case is opened for services",
            rule="R-INV-049 case-opened-on-safety.policy-2009",
            source="003:1935",
            field="caseOpens",
        )


def case_opened_on_risk(case: CaseDecision, level: RiskLevel) -> None:
    """R-INV-051, case-opened-on-safety.practice-model, D-14."""
    if level == "high" and not case.opens:
        raise Rejected(
            "case-must-open-on-risk",
            "the risk is high, so a case is opened for services",
            rule="R-INV-051 case-opened-on-safety.practice-model",
            source="003:2334",
            field="caseOpens",
        )


def _approved(
    command: ApproveInvestigation, now: Investigation, submission: InvestigationSubmitted, risk: RiskLevel
) -> InvestigationApproved:
    receipt = now.receipt
    return InvestigationApproved(
        **about(now),
        at=command.at,
        finding=submission.disposition,
        risk_level=risk,
        safety_threat=now.safety_threat,
        case=owned(now, command.case),
        child_ids=now.victims,
        child_in_custody=receipt.child_in_custody if receipt else None,
        reported_setting=receipt.setting if receipt else None,
        home_or_facility_id=receipt.home_or_facility_id if receipt else None,
        by=command.by,
    )
