"""How a pack reads what its sources leave open: every reading is written down; a value not built here is refused."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Readings(BaseModel):
    """The settings of one pack or of one rule. Each field is one open question; the allowed values are those built."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    due_time: Literal["end_of_local_day", "same_time"] = "end_of_local_day"
    start_day: Literal["day_0", "day_1"] = "day_0"
    weekend_shift: Literal["none"] = "none"
    day_type: Literal["calendar", "business"] = "calendar"
    hours: Literal["elapsed"] = "elapsed"
    month_end: Literal["clip"] = "clip"
    boundary: Literal["inclusive"] = "inclusive"
    tolerance_minutes: int | None = Field(default=None, gt=0)
    stop_after_due: Literal["stays_missed"] = "stays_missed"
    same_instant: Literal["satisfied_first"] = "satisfied_first"
    satisfied_before_start: Literal["does_not_count", "counts"] = "does_not_count"
    gate_act_since: Literal["any", "since_start"] = "any"
    gate_if_unknown: Literal["flag"] = "flag"
    gate_in_retrospect: Literal["as_known_at_the_attempt"] = "as_known_at_the_attempt"
    applies_if_unknown: Literal["unknown_with_provisional_due"] = "unknown_with_provisional_due"
    condition_read_at: Literal["latest_before_the_end"] = "latest_before_the_end"
    per_list: Literal["latest"] = "latest"
    quota_period: Literal["rolling_from_start"] = "rolling_from_start"
    partial_last_period: Literal["cancelled"] = "cancelled"
    window: Literal["half_open_start_day_first"] = "half_open_start_day_first"
    version_kept: Literal["when_started"] = "when_started"
    overridden_row: Literal["still_measured"] = "still_measured"
    safety_plan_without_factor: Literal["still_owed"] = "still_owed"
