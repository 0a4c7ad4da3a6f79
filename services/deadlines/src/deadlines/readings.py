"""How a pack reads what its sources leave open: every reading is written down; a value not built here is refused."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Readings(BaseModel):
    """The settings of an installation, a pack or one rule. Each field is one open question, its values those built."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    due_time: Literal["end_of_local_day", "same_time"] = "end_of_local_day"
    start_day: Literal["day_0", "day_1"] = "day_0"
    weekend_shift: Literal["none", "next_business_day", "previous_business_day"] = "none"
    day_type: Literal["calendar", "business"] = "calendar"
    hours: Literal["elapsed", "wall_clock"] = "elapsed"
    month_end: Literal["clip"] = "clip"
    boundary: Literal["inclusive", "exclusive"] = "inclusive"
    tolerance_minutes: int | None = Field(default=None, gt=0)
    stop_after_due: Literal["stays_missed", "erases_the_miss"] = "stays_missed"
    same_instant: Literal["satisfied_first", "stopped_first"] = "satisfied_first"
    satisfied_before_start: Literal["does_not_count", "counts"] = "does_not_count"
    gate_act_since: Literal["any", "since_start"] = "any"
    gate_if_unknown: Literal["flag"] = "flag"
    gate_in_retrospect: Literal["as_known_at_the_attempt"] = "as_known_at_the_attempt"
    applies_if_unknown: Literal["unknown_with_provisional_due"] = "unknown_with_provisional_due"
    condition_read_at: Literal["latest_before_the_end"] = "latest_before_the_end"
    per_list: Literal["latest", "first"] = "latest"
    repeat_from: Literal["last_done", "last_due"] = "last_done"
    first_due: Literal["one_every_after_start", "at_start"] = "one_every_after_start"
    period_closed: Literal["one_every_after_close"] = "one_every_after_close"
    quarter: Literal["fallback", "rolling", "calendar"] = "fallback"
    quota_period: Literal["fallback", "calendar_month", "rolling_from_start"] = "fallback"
    partial_first_period: Literal["not_counted", "owed_in_full"] = "not_counted"
    partial_last_period: Literal["cancelled", "owed_in_full"] = "cancelled"
    last_period_cut: Literal["full_number_still_required", "not_owed"] = "full_number_still_required"
    window: Literal["half_open_start_day_first"] = "half_open_start_day_first"
    over_maximum: Literal["reported_as_over"] = "reported_as_over"
    late_cap_with_enforce_clock: Literal["met_late"] = "met_late"
    time_in_care: Literal["months_and_days_over_31", "days"] = "months_and_days_over_31"
    fifteenth_month: Literal["complete"] = "complete"
    leap_day_birthday: Literal["03-01"] = "03-01"
    entry_above_age: Literal["due_on_the_day_of_entry"] = "due_on_the_day_of_entry"
    date_moves: Literal["one_clock_judged_again"] = "one_clock_judged_again"
    version_kept: Literal["when_started"] = "when_started"
    fps_pack_chosen_by: Literal["referral_date", "start_date"] = "referral_date"
    overridden_row: Literal["still_measured"] = "still_measured"
    monitor_after_stop: Literal["off_the_list"] = "off_the_list"
    monitor_threshold: Literal["one_fact_trips"] = "one_fact_trips"
    unsettled_rows: Literal["active", "off"] = "active"
    ninety_days: Literal["minimum"] = "minimum"
    age_six: Literal["inclusive", "exclusive"] = "inclusive"
    age_limit: Literal["inclusive", "exclusive"] = "inclusive"
    school_age: Literal["6_to_17"] = "6_to_17"
    infant_age: Literal["under_one_year"] = "under_one_year"
    face_to_face_hours: Literal["over_the_whole_phase", "each_week"] = "over_the_whole_phase"
    parents_interview_days_therapeutic: Literal[14] = 14
    safety_plan_without_factor: Literal["still_owed"] = "still_owed"
