"""Settings of the investigation service: what the agency decided where the sources leave it open."""

from pydantic import Field

from events.settings import ServiceSettings
from investigation.policy import Policy


class InvestigationSettings(ServiceSettings):
    """`HEARTHLINE_INVESTIGATION_…`"""

    investigation_practice_model: bool = Field(
        False, description="the practice model's refusals are on (R-INV-027, -051)"
    )
    investigation_telephone_collateral: bool = Field(
        False, description="a collateral reached by telephone begins an investigation (D-05)"
    )
    investigation_checklist_until_age: int = Field(
        5, ge=0, le=17, description="oldest age, in years, that needs the safety checklist (D-07)"
    )
    investigation_dispositions: tuple[str, ...] = Field(
        ("substantiated", "indicated", "unsubstantiated"), min_length=1, description="the agency's list (D-03)"
    )

    @property
    def policy(self) -> Policy:
        """The same as a value for the rules."""
        return Policy(
            practice_model=self.investigation_practice_model,
            telephone_reaches_collateral=self.investigation_telephone_collateral,
            checklist_until_age=self.investigation_checklist_until_age,
            dispositions=self.investigation_dispositions,
            time_zone=self.time_zone,
        )
