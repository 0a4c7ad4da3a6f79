"""Adoption: who works on it, the plan, the meetings, the preference of the caregivers, the end."""

from uuid import UUID

from events.contracts.casework.subjects import AboutChild


class ResourceSpecialistEngaged(AboutChild, topic="casework", key="child_id"):
    """A resource specialist began to work for the child, whose age is given in whole months."""

    specialist_id: str
    age_months: int


class AdoptionSpecialistAssigned(AboutChild, topic="casework", key="child_id"):
    """An adoption specialist was assigned."""

    specialist_id: str


class AdoptionPlanMade(AboutChild, topic="casework", key="child_id"):
    """What is done to find this child a family was planned."""


class AdoptionConsultantAssigned(AboutChild, topic="casework", key="child_id"):
    """A consultant from outside the agency was assigned."""

    consultant_id: str


class AdoptionMeetingHeld(AboutChild, topic="casework", key="child_id"):
    """A meeting looked at where the adoption stands."""


class AdoptionDiscussionHeld(AboutChild, topic="casework", key="child_id"):
    """Adoption was talked over with the resource parents."""


class AdoptionPreferenceGiven(AboutChild, topic="casework", key="child_id"):
    """The caregivers were the first to be considered as adoptive parents."""


class AdoptionUnsuitabilityDocumented(AboutChild, topic="casework", key="child_id"):
    """Why the caregivers are not right as adoptive parents was documented; the reason itself stays in casework."""


class AdoptionFinalized(AboutChild, topic="casework", key="child_id"):
    """The adoption is complete."""

    placement_id: UUID | None = None
