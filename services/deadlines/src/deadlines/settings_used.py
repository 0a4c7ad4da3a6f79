"""Which readings decide about a clock, what they say, and who set them."""

from collections.abc import Iterator
from typing import NamedTuple

from deadlines.duties import REFERRAL
from deadlines.limits import Limit
from deadlines.rule import Rule
from deadlines.subjects import FOR_EVERYBODY
from deadlines.view import ClockView

STANDARD = "standard"
OF_AN_END = ("satisfied_before_start", "same_instant", "stop_after_due")
OF_DAYS = ("due_time", "start_day", "weekend_shift")
OF_MEASURES: dict[str, tuple[str, ...]] = {
    "age in the list": ("age_six",),
    "age limit": ("age_limit",),
    "length of the act": ("ninety_days",),
}


class SettingUsed(NamedTuple):
    """One reading: its name, its value, and who set it (the agency, the pack, the rule, or the standard)."""

    name: str
    value: str
    set_by: str


def settings_used(clock: ClockView | None, rule: Rule) -> tuple[SettingUsed, ...]:
    """Every reading that the engine looked at for this clock; without one, for an attempt that a gate answers."""
    return tuple(
        SettingUsed(name, _value(rule, name), _set_by(rule, name)) for name in dict.fromkeys(_names(clock, rule))
    )


def _value(rule: Rule, name: str) -> str:
    value = getattr(rule.readings, name)
    return "not set" if value is None else str(value)


def _set_by(rule: Rule, name: str) -> str:
    return rule.set_by.get(name, STANDARD)


def _names(clock: ClockView | None, rule: Rule) -> Iterator[str]:
    yield from _of_the_kind(rule)
    if rule.conditions.items:
        yield "gate_if_unknown" if rule.kind == "gate" else "condition_read_at"
        if clock is not None and clock.provisional:
            yield "applies_if_unknown"
    if rule.things is not None and rule.things.list is not None:
        yield "per_list"
    if rule.subject == "fps-service" and any(event == REFERRAL for event in rule.events):
        yield "fps_pack_chosen_by"


def _of_the_kind(rule: Rule) -> Iterator[str]:
    match rule.kind:
        case "gate":
            yield from ("gate_act_since", "gate_in_retrospect")
            if rule.gate is not None:
                yield from OF_MEASURES.get(rule.gate.measures, ())
        case "quota":
            yield from _of_a_quota(rule)
        case "recurring":
            yield from ("repeat_from", "first_due", "same_instant", "stop_after_due")
            yield from _of_a_limit(Limit("start", rule.interval.length))
            yield from _of_a_limit(rule.limit) if rule.due else ()
            if rule.interval.quarterly:
                yield "quarter"
            if FOR_EVERYBODY in rule.starts:
                yield "period_closed"
        case "monitor":
            if rule.window:
                yield "window"
            elif rule.starts == rule.acts:
                yield "monitor_threshold"
            else:
                yield from _of_a_limit(rule.limit)
            yield "monitor_after_stop"
        case _:
            yield from (("window", "time_in_care", "fifteenth_month") if rule.window else ())
            yield from (_of_a_limit(rule.limit) if rule.due else ())
            yield from (("late_cap_with_enforce_clock",) if rule.kind == "cap" else ())
            yield from (("entry_above_age",) if rule.kind == "age" else ())
            yield from OF_AN_END


def _of_a_limit(limit: Limit) -> Iterator[str]:
    length = limit.length
    match limit.anchor:
        case "immediately":
            yield from ("tolerance_minutes", "boundary")
        case "date":
            yield "date_moves"
        case "start" if length is not None and length.unit == "hours":
            yield from ("hours", "boundary")
        case "start" if length is not None:
            yield from (*OF_DAYS, "boundary")
            yield from (("day_type",) if length.unit == "days" else ())
            yield from (("month_end",) if length.unit in ("months", "years") else ())


def _of_a_quota(rule: Rule) -> Iterator[str]:
    yield "window"
    if rule.every:
        yield "quarter" if rule.interval.quarterly else "quota_period"
        yield from ("partial_first_period", "partial_last_period", "month_end")
        yield from (("last_period_cut",) if rule.runs else ())
    if rule.number.most is not None:
        yield "over_maximum"
    if rule.number.in_hours and not rule.every:
        yield "face_to_face_hours"
    yield from ("same_instant", "stop_after_due")
