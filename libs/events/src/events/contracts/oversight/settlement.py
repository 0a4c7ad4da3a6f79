"""The settlement and the calendar: approval, periods, milestones, what the court's monitor found."""

from datetime import date as day
from datetime import datetime
from typing import Literal

from events.event import PublicEvent


class _AboutSettlement(PublicEvent):
    """A fact of the settlement programme, of which the state has one: its name is the key."""

    programme: Literal["settlement"]


class SettlementPlanApproved(_AboutSettlement, topic="oversight", key="programme"):
    """The court approved the plan."""

    court_date: day


class ImplementationPeriodEnded(_AboutSettlement, topic="oversight", key="programme"):
    """One of the settlement's periods ended."""

    period_no: int
    date: day


class CourtMonitorReviewHeld(_AboutSettlement, topic="oversight", key="programme"):
    """The court's monitor reviewed what the settlement orders, for this quarter."""

    quarter: str


class CqiAdequacyFound(_AboutSettlement, topic="oversight", key="programme"):
    """The monitor found the agency's own quality improvement (CQI) good enough."""

    at: datetime


class MonitoringTransferred(_AboutSettlement, topic="oversight", key="programme"):
    """The agency's own quality improvement took over from the monitor."""

    at: datetime


class ProgrammeMilestoneMet(PublicEvent, topic="oversight", key="milestone_id"):
    """The agency reached a milestone: `milestone_id` is the obligation, in the words of the time limits."""

    milestone_id: str
    region: str | None = None
    at: datetime


class PeriodClosed(PublicEvent, topic="oversight", key="period"):
    """A week, month, quarter, half-year or year ended on this day; derived from the calendar."""

    period: Literal["week", "month", "quarter", "half-year", "year"]
    ends_on: day
