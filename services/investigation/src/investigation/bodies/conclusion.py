"""Bodies of the submission, the approval and a return."""

from pydantic import Field

from events.bodies import Body, Narrative
from events.private import Private
from investigation import forms
from investigation.bodies.body import Code
from investigation.forms import SUBJECT


class SubmissionBody(Body):
    """Investigation report and disposition (F-INV-09)."""

    disposition: Code | None = None
    evidence: Narrative | None = None
    future_maltreatment: Narrative | None = None
    protective_factors: Narrative | None = None
    recommendations: Narrative | None = None
    corrective_actions: Narrative | None = None

    def form(self) -> forms.ReportForm:
        texts = self.private(
            SUBJECT,
            "evidence",
            "future_maltreatment",
            "protective_factors",
            "recommendations",
            "corrective_actions",
        )
        return forms.ReportForm(disposition=self.disposition, **texts)


class ApprovalBody(Body):
    """The supervisor approves and decides whether a case is opened (F-INV-10)."""

    case_opens: bool
    basis: forms.Basis | None = None
    medium_considered: Narrative | None = None
    services: tuple[forms.Services, ...] = Field((), max_length=4)
    no_services_reason: Narrative | None = None

    def form(self) -> forms.CaseDecision:
        return forms.CaseDecision(
            opens=self.case_opens,
            **self.same("basis", "services"),
            **self.private(SUBJECT, "medium_considered", "no_services_reason"),
        )


class ReturnBody(Body):
    """The supervisor sends it back: say why."""

    reason: Narrative | None = None

    def text(self) -> Private[str] | None:
        return self.private(SUBJECT, "reason").get("reason")
