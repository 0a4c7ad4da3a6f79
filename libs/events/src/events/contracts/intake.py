"""What intake announces about a report. No names, places, narratives or reasons, and never who reported."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from events.event import PublicEvent

Channel = Literal["phone", "in-person", "in-writing"]
ReporterType = Literal["mandated", "other", "anonymous"]
Allegation = Literal["abuse", "neglect", "exploitation", "sexual-abuse", "corporal-punishment"]
Setting = Literal["own-home", "resource-home", "facility", "other"]
FelonyType = Literal["none", "burning-or-torture", "serious-injury", "sexual-abuse", "other-felony"]
Level = Literal["1", "2", "3"]
Decision = Literal["screened-in", "screened-out"]
NoticeRole = Literal[
    "regional-director-cos",
    "resource-supervisor-cos",
    "regional-director-cor",
    "supervisor-cor",
    "resource-supervisor-victim",
    "resource-worker",
]


class _AboutReport(PublicEvent):
    """What every announcement carries. `county` is where the report began; absent while nobody knows it."""

    report_id: UUID
    county: str | None = None


class _Reported(_AboutReport):
    """The coded values of a report. What is absent is not known yet; `victims` are person ids of children."""

    received_at: datetime
    entered_at: datetime
    channel: Channel | None = None
    reporter_type: ReporterType | None = None
    victims: tuple[UUID, ...] = ()
    allegations: tuple[Allegation, ...] = ()
    child_in_custody: bool | None = None
    setting: Setting | None = None
    resource_home_id: UUID | None = None
    facility_id: UUID | None = None
    felony_type: FelonyType | None = None


class ReportReceived(_Reported, topic="intake", key="report_id"):
    """A report of maltreatment reached the agency. It occurred when the call came in, however late it was entered."""


class ReportAmended(_Reported, topic="intake", key="report_id"):
    """The report as it stands after a correction or an addition: these values replace those known before."""


class ReportEntered(_AboutReport, topic="intake", key="report_id"):
    """The call was put in the system. It occurred when it was entered."""

    entered_at: datetime
    entered_by: str


class MaltreatmentSuspected(_AboutReport, topic="intake", key="report_id"):
    """A member of staff suspects maltreatment of a child in custody, and the formal report is this one."""

    child_id: UUID
    staff_id: str
    suspected_at: datetime


class PriorReportsSearched(_AboutReport, topic="intake", key="report_id"):
    """Earlier reports on the family and the children were searched. Which ones were found stays in intake."""

    searched_by: str
    match_count: int
    at: datetime


class PriorReportsShared(_AboutReport, topic="intake", key="report_id"):
    """What is known of earlier reports was given to the assigned investigator."""

    investigator_id: str
    at: datetime


class ResponseLevelProposed(_AboutReport, topic="intake", key="report_id"):
    """The level that the answers propose; absent where they leave it to the supervisor."""

    level: Level | None = None
    special_handling: bool


class ResponseLevelOverridden(_AboutReport, topic="intake", key="report_id"):
    """The supervisor chose another level than the one in force before."""

    from_level: Level | None = None
    to_level: Level
    by: str


class ReportScreened(_AboutReport, topic="intake", key="report_id"):
    """The supervisor decided the report. Announced again when a report was screened again."""

    decision: Decision
    level: Level
    present_danger: bool | None = None
    immediate_response_needed: bool
    law_enforcement_referral_needed: bool
    criteria_version: str | None = None
    by: str
    at: datetime


class ScreeningSecondRead(_AboutReport, topic="intake", key="report_id"):
    """A screened-out report was reviewed as a new one. When `agreed` is false it will be screened again."""

    agreed: bool
    at: datetime


class ReportAssigned(_AboutReport, topic="intake", key="report_id"):
    """A screened-in report was assigned to an investigator. Announced again for each new investigator."""

    county: str
    worker_id: str
    level: Level
    staffed: bool
    custody_trained: bool | None = None
    case_tie: bool | None = None
    licensed_the_home: bool | None = None
    by: str
    at: datetime


class LawEnforcementNotified(_AboutReport, topic="intake", key="report_id"):
    """The law enforcement agency with jurisdiction was called. It occurred when it was called."""

    agency: str
    jurisdiction: str | None = None
    by: str
    at: datetime


class CustodyReportNoticeSent(_AboutReport, topic="intake", key="report_id"):
    """One recipient was told of a report on a resource home or a child in custody.

    The roles name the county of service (cos) and the county of responsibility (cor).
    """

    recipient_role: NoticeRole
    recipient_id: str | None = None
    at: datetime
