"""Settings of intake: what the agency decided where the sources leave it open."""

from datetime import timedelta

from pydantic import Field

from events.settings import ServiceSettings
from intake.answers import StandardForm


class IntakeSettings(ServiceSettings):
    """`HEARTHLINE_INTAKE_…`"""

    intake_tolerance_minutes: int | None = Field(
        None, ge=1, description="after how long a call entered is a late entry (R-INT-003); empty: never flagged"
    )
    intake_recent_report_days: int | None = Field(
        None, ge=1, description="how recent a substantiated report must be (R-INT-018); empty: any counts"
    )
    intake_criteria_version: str | None = Field(
        None, description="current version of the custody criteria form (R-INT-012); empty: any version counts"
    )
    intake_criteria_items: frozenset[str] = Field(
        frozenset(), description="the items of that form, as JSON list (R-INT-012)"
    )
    intake_second_person_reviews: bool = Field(
        False, description="a screened-out custody report is reviewed by another person (R-INT-013, D-09)"
    )

    @property
    def tolerance(self) -> timedelta | None:
        return _span(minutes=self.intake_tolerance_minutes)

    @property
    def window(self) -> timedelta | None:
        return _span(days=self.intake_recent_report_days)

    @property
    def form(self) -> StandardForm:
        return StandardForm(self.intake_criteria_version, self.intake_criteria_items)


def _span(**length: int | None) -> timedelta | None:
    given = {unit: amount for unit, amount in length.items() if amount is not None}
    return timedelta(**given) if given else None
