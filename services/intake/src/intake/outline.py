"""What may be known of a report outside intake: ids and coded values, and nothing that a person said."""

from datetime import datetime
from uuid import UUID

from intake.content import Content, Part
from intake.vocabulary import Allegation, Channel, FelonyGround, Known, ReporterType, Setting


class Outline(Part):
    """The content without confidential values. `received_at` is the entry time while the call's is not known."""

    received_at: datetime
    entered_at: datetime
    county: str | None
    channel: Channel | None
    reporter_type: ReporterType | None
    victims: tuple[UUID, ...]
    allegations: tuple[Allegation, ...]
    child_in_custody: Known | None
    setting: Setting | None
    resource_home_id: UUID | None
    facility_id: UUID | None
    felony_ground: FelonyGround | None


def outline(content: Content, entered_at: datetime) -> Outline:
    """The outline of `content` as entered at `entered_at`."""
    return Outline(
        received_at=content.received_at or entered_at,
        entered_at=entered_at,
        county=content.county,
        channel=content.channel,
        reporter_type=content.reporter_type,
        victims=content.victims,
        allegations=content.allegations,
        child_in_custody=content.child_in_custody,
        setting=content.setting,
        resource_home_id=content.resource_home_id,
        facility_id=content.facility_id,
        felony_ground=content.felony_ground,
    )
