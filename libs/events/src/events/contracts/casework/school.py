"""School of children in care."""

from events.contracts.casework.subjects import AboutChild


class EducationScreened(AboutChild, topic="casework", key="child_id"):
    """What the child needs at school was screened."""


class SchoolEnrolled(AboutChild, topic="casework", key="child_id"):
    """The child is registered at a school, accredited or not, and attends it or not yet."""

    accredited: bool | None = None
    attending: bool | None = None
