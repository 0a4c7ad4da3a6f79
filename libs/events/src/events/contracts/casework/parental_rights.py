"""Termination of parental rights (TPR), step by step, and the exceptions to it."""

from events.contracts.casework.subjects import AboutChild


class TprReferralMade(AboutChild, topic="casework", key="child_id"):
    """The child's case was referred for termination."""


class TprPacketSent(AboutChild, topic="casework", key="child_id"):
    """The papers went to the Attorney General."""


class TprPacketReturned(AboutChild, topic="casework", key="child_id"):
    """The papers came back because something legal was missing."""


class TprIntentDiscussed(AboutChild, topic="casework", key="child_id"):
    """The intent to file was talked over with the family or the youth."""


class TprPetitionFiled(AboutChild, topic="casework", key="child_id"):
    """A petition to terminate was filed."""


class AsfaExceptionDocumented(AboutChild, topic="casework", key="child_id"):
    """A compelling reason not to file, which federal law allows, was documented."""


class ChildLegallyFreed(AboutChild, topic="casework", key="child_id"):
    """The child may be adopted."""
