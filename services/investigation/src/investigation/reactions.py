"""What intake announces about a report, as something an investigation learns."""

from collections.abc import Iterable
from typing import assert_never
from uuid import UUID

from events.contracts.intake import ReportAmended, ReportAssigned, ReportReceived, ReportScreened
from events.ids import derived
from events.reaction import Do, Received, Subscription
from investigation.commands import LearnOfReport
from investigation.events import ReportAssignmentLearned, ReportReceiptLearned, ReportScreeningLearned
from investigation.forms import Moment
from investigation.investigation import DECIDER

IntakeEvent = ReportReceived | ReportAmended | ReportScreened | ReportAssigned


def investigation_of(report_id: UUID) -> UUID:
    """The id of the investigation of a report, known before the investigation is."""
    return derived("investigation", report_id)


def react(received: Received) -> Iterable[Do]:
    """Every fact of the report goes to the investigation that it may open."""
    event = received.event
    assert isinstance(event, IntakeEvent)
    investigation_id = investigation_of(event.report_id)
    moment = Moment(at=received.occurred_at, recorded_at=received.recorded_at)
    yield Do(DECIDER, investigation_id, LearnOfReport(investigation_id, learned(event, moment)))


def learned(
    event: IntakeEvent, moment: Moment
) -> ReportReceiptLearned | ReportScreeningLearned | ReportAssignmentLearned:
    """The part of the public event that an investigation needs."""
    match event:
        case ReportReceived() | ReportAmended():
            return ReportReceiptLearned(
                report_id=event.report_id,
                moment=moment,
                child_ids=event.victims,
                child_in_custody=event.child_in_custody,
                allegations=event.allegations,
                setting=event.setting,
                home_or_facility_id=event.resource_home_id or event.facility_id,
            )
        case ReportScreened():
            return ReportScreeningLearned(
                report_id=event.report_id,
                moment=moment,
                screened_in=event.decision == "screened-in",
                level=event.level,
            )
        case ReportAssigned():
            return ReportAssignmentLearned(
                report_id=event.report_id, moment=moment, worker_id=event.worker_id, county=event.county
            )
        case _:
            assert_never(event)


SUBSCRIPTION = Subscription("intake", (ReportReceived, ReportAmended, ReportScreened, ReportAssigned), react)
