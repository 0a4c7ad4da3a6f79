"""The maltreatment findings section: a determination of every allegation, with what it rests on."""

from events.decider import Rejected
from investigation.commands import MakeFindings
from investigation.events import FindingsMade, InvestigationEvent
from investigation.forms import FindingsForm
from investigation.guards import about, owned, said
from investigation.policy import Policy
from investigation.state import Investigation

SECTION = ("contacts", "observations", "statements", "collateral_contacts", "other_concerns")


def make(command: MakeFindings, now: Investigation) -> list[InvestigationEvent]:
    form: FindingsForm = owned(now, command.form)
    every_allegation_determined(form, now)
    for determination in form.determinations:
        listed(determination.finding, command.policy, field="determinations")
    return [FindingsMade(**about(now), at=command.at, form=form, by=command.by)]


def every_allegation_determined(form: FindingsForm, now: Investigation) -> None:
    """R-INV-017, F-INV-04: one determination for each allegation."""
    allegations = [determination.allegation for determination in form.determinations]
    if not allegations or len(set(allegations)) != len(allegations):
        raise Rejected(
            "determinations-not-one-each",
            "give one determination for each allegation",
            rule="R-INV-017",
            source="003:1901",
            field="determinations",
        )
    reported = now.receipt.allegations if now.receipt else ()
    missing = [allegation for allegation in reported if allegation not in allegations]
    if missing:
        raise Rejected(
            "allegation-undetermined",
            f"no determination of: {', '.join(missing)}",
            rule="R-INV-017",
            source="003:1901",
            field="determinations",
        )


def listed(value: str, policy: Policy, *, field: str) -> None:
    """D-03: the agency's list is data."""
    if value not in policy.dispositions:
        raise Rejected(
            "disposition-unknown",
            f"the agency's list is: {', '.join(policy.dispositions)}",
            rule="R-INV-048 D-03",
            source="003:2280",
            field=field,
        )


def findings_section_filled(now: Investigation) -> None:
    """R-INV-017, maltreatment-findings.policy-2009: asked when all safety factors are no."""
    form = now.findings.form if now.findings else None
    missing = [part for part in SECTION if not (form and said(getattr(form, part)))]
    if form is None or missing:
        raise Rejected(
            "findings-section-incomplete",
            "all safety factors are no, so the findings section must hold: " + ", ".join(["determination", *missing]),
            rule="R-INV-017 maltreatment-findings.policy-2009",
            source="003:1901",
        )
