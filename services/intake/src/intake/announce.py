"""What the neighbours learn of each fact: ids, times and coded values; never a name, a narrative or a reason."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, assert_never

from events.contracts import intake as public
from events.event import Event, PublicEvent
from events.recorded import Recorded
from intake.events import (
    AssignmentStaffed,
    CriteriaFormCompleted,
    IntakeEvent,
    LawEnforcementNotified,
    MaltreatmentSuspected,
    PolicyViolationRecordOpened,
    PriorReportsSearched,
    PriorReportsShared,
    ReportAmended,
    ReportAssigned,
    ReportEntered,
    ReportFlagged,
    ReportReceived,
    ReportScreened,
    ResponseLevelOverridden,
    ResponseLevelProposed,
    ScreenedOutReviewed,
    ScreeningReopened,
)
from intake.outline import Outline, outline
from intake.vocabulary import Setting

SETTINGS: dict[Setting | None, public.Setting] = {
    "own-home": "own-home",
    "resource-home": "resource-home",
    "therapeutic-foster-home": "resource-home",
    "congregate-facility": "facility",
    "other": "other",
}
CUSTODY = {"yes": True, "no": False}
SCREENED = (
    "decision",
    "level",
    "present_danger",
    "immediate_response_needed",
    "law_enforcement_referral_needed",
    "criteria_version",
    "by",
)
ASSIGNED = ("worker_id", "level", "custody_trained", "case_tie", "licensed_the_home", "by")


def announce(recorded: Recorded[IntakeEvent]) -> Sequence[PublicEvent]:
    """The public event of one private fact, if it has one."""
    published = _published(recorded.event, recorded.event.happened_at or recorded.occurred_at)
    return [published] if published else []


def _published(event: IntakeEvent, at: datetime) -> PublicEvent | None:
    match event:
        case ReportReceived():
            return public.ReportReceived(report_id=event.report_id, **_coded(outline(event.content, event.entered_at)))
        case ReportAmended():
            return public.ReportAmended(report_id=event.report_id, **_coded(event.outline))
        case ReportEntered():
            return public.ReportEntered(**_same(event, "entered_at", "entered_by"))
        case MaltreatmentSuspected():
            return public.MaltreatmentSuspected(**_same(event, "child_id", "staff_id", "suspected_at"))
        case PriorReportsSearched():
            return public.PriorReportsSearched(**_same(event, "searched_by"), match_count=len(event.found), at=at)
        case PriorReportsShared():
            return public.PriorReportsShared(**_same(event), investigator_id=event.worker_id, at=at)
        case ResponseLevelProposed():
            return public.ResponseLevelProposed(**_same(event, "level", "special_handling"))
        case ResponseLevelOverridden():
            return public.ResponseLevelOverridden(**_same(event, "from_level", "to_level", "by"))
        case ReportScreened():
            return public.ReportScreened(**_same(event, *SCREENED), at=at)
        case ScreenedOutReviewed():
            return public.ScreeningSecondRead(**_same(event, "agreed"), at=at)
        case ReportAssigned():
            return public.ReportAssigned(**_same(event, *ASSIGNED), staffed=event.staffed_at is not None, at=at)
        case LawEnforcementNotified():
            return public.LawEnforcementNotified(**_same(event, "agency", "jurisdiction", "by"), at=at)
        case PolicyViolationRecordOpened() | CriteriaFormCompleted() | ScreeningReopened() | AssignmentStaffed():
            return None
        case ReportFlagged():
            return None
        case _:
            assert_never(event)


def _same(event: Event, *names: str) -> dict[str, Any]:
    """The fields that the public event has in common with the private one, named one by one."""
    return {name: getattr(event, name) for name in ("report_id", "county", *names)}


def _coded(known: Outline) -> dict[str, Any]:
    same = (
        "county",
        "received_at",
        "entered_at",
        "channel",
        "reporter_type",
        "victims",
        "allegations",
        "resource_home_id",
        "facility_id",
    )
    return {
        **{name: getattr(known, name) for name in same},
        "child_in_custody": CUSTODY.get(known.child_in_custody or ""),
        "setting": SETTINGS.get(known.setting),
        "felony_type": known.felony_ground,
    }
