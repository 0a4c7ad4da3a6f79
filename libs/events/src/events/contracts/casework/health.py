"""Health of children in care: that an examination took place, never what it found."""

from typing import Literal

from events.contracts.casework.subjects import AboutChild


class HealthScreeningCompleted(AboutChild, topic="casework", key="child_id"):
    """The first health screening was done."""


class MedicalExamCompleted(AboutChild, topic="casework", key="child_id"):
    """A medical examination was done."""

    kind: Literal["initial", "comprehensive", "periodic"]


class DevelopmentalScreeningCompleted(AboutChild, topic="casework", key="child_id"):
    """The child's development was screened or assessed."""


class MentalHealthScreened(AboutChild, topic="casework", key="child_id"):
    """The child's mental health was screened with this tool."""

    tool: Literal["SARA", "other"]


class DentalReferralMade(AboutChild, topic="casework", key="child_id"):
    """The child was referred to a dentist."""


class DentalExamCompleted(AboutChild, topic="casework", key="child_id"):
    """A dentist examined the child."""
