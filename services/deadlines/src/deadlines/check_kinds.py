"""Whether a rule says what its kind needs, nothing that its kind does not read, and no unit that cannot be counted."""

from collections.abc import Iterator, Mapping

from deadlines.findings import Complaint
from deadlines.rule import EACH, EVENTS, NEEDED
from deadlines.told_rule import ADVICE, ToldRule
from deadlines.vocabulary import fields_of

# The cells of time and number that a kind reads; what stands in another would be silently left out.
READ: Mapping[str, frozenset[str]] = {
    "once": frozenset({"due", "window"}),
    "age": frozenset({"due"}),
    "lead": frozenset({"due"}),
    "recurring": frozenset({"due", "every", "count"}),
    "quota": frozenset({"runs", "every", "count"}),
    "cap": frozenset({"due", "every", "count"}),
    "gate": frozenset({"gate", "every", "count"}),
    "monitor": frozenset({"due", "count", "window"}),
}
TIMES = ("due", "runs", "every", "count", "window", "gate")
WORDS_OF_ADVICE = (*TIMES, "when", "applies_if", "note")
MEASURED_IN_DAYS = ("length of the act", "time until the attempt", "time until it is owed")
MEASURED_IN_YEARS = ("age in the list", "age limit")


def kind_complaints(rule: ToldRule) -> Iterator[Complaint]:
    """What is missing, idle or uncountable. Advice is read by people only: of it no more is asked than to say something."""
    if rule.enforce in ADVICE and not any(rule.content.get(key) for key in WORDS_OF_ADVICE):
        yield Complaint("", f"{rule.enforce} without words", "no time, no number and no text says what is asked")
    if rule.advisory:
        return
    if rule.enforce not in ADVICE:
        yield from _needs(rule)
    yield from _idle(rule)
    yield from _gate(rule)
    yield from _units(rule)
    yield from _numbers(rule)


def _needs(rule: ToldRule) -> Iterator[Complaint]:
    for either in NEEDED.get(rule.kind, ()):
        if not any(rule.content.get(name) for name in either):
            what = (
                "a gate without a blocked event"
                if rule.kind == "gate"
                else f"{rule.kind} without {' or '.join(either)}"
            )
            yield Complaint("", what, "nothing says when or how much")


def _idle(rule: ToldRule) -> Iterator[Complaint]:
    for key in TIMES:
        if rule.kind in READ and rule.content.get(key) and key not in READ[rule.kind]:
            yield Complaint(key, f"{key} in a rule of kind {rule.kind}", "that kind does not read it")
    if rule.cell("every") == EACH and rule.kind != "gate":
        yield Complaint("every", "each", f"only a gate asks for a new act each time, not a rule of kind {rule.kind}")


def _gate(rule: ToldRule) -> Iterator[Complaint]:
    if not isinstance(rule.content.get("gate"), Mapping):
        return
    before, threshold, measures = (rule.cell(f"gate.{key}") for key in ("before", "threshold", "measures"))
    if rule.content["gate"].get("before") == "":
        yield Complaint("gate.before", "a gate without a blocked event", "nothing would ever be held back")
    elif before and not EVENTS.fullmatch(before):
        yield Complaint("gate.before", f"not a list of events: {before}", "events are words joined by a space")
    if measures and not threshold:
        yield Complaint("gate.measures", f"{measures} without a threshold", "nothing says how much")
    told = rule.length("gate.threshold")
    if told and measures:
        wanted = _wanted(measures)
        if told.unit not in wanted:
            yield Complaint("gate.threshold", f"{told} as {measures}", f"it is counted in {', '.join(wanted)}")
    if measures == "age in the list" and not _lists_ages(rule):
        yield Complaint("gate.measures", measures, "`per` names no list whose things tell their age")


def _wanted(measures: str) -> tuple[str, ...]:
    if measures in MEASURED_IN_YEARS:
        return ("years",)
    return ("hours",) if measures not in MEASURED_IN_DAYS else ("days", "calendar-days", "weeks", "months", "years")


def _lists_ages(rule: ToldRule) -> bool:
    things = rule.things
    naming = (*rule.events("starts_on"), *rule.events("gate.before")) if things and things.list else ()
    listed = [(fields_of(event) or {}).get(things.list or "") for event in naming if things]
    return any(held and "age" in held.parts for held in listed)


def _units(rule: ToldRule) -> Iterator[Complaint]:
    """Units that the kind cannot count."""
    for key in ("runs", "window"):
        if (told := rule.length(key)) and told.unit in ("hours", "business-days"):
            yield Complaint(key, f"impossible unit {told.unit}", "a run or a window is made of calendar days")
    due = rule.limit
    if due and due.anchor == "date" and due.length and due.length.unit in ("hours", "business-days"):
        yield Complaint("due", f"impossible unit {due.length.unit}", "back from a date only calendar days are counted")
    if due and due.to_month_end and due.length and due.length.unit == "hours":
        yield Complaint("due", "impossible unit hours", "the end of a month is reached in days")
    if rule.kind == "lead" and due and not (due.anchor == "date" and due.length):
        yield Complaint("due", f"lead: {rule.cell('due')}", "a lead lies some time before a date in an event")
    if rule.kind == "once" and rule.cell("window"):
        yield from _stays(rule)
    if rule.kind in ("monitor", "recurring") and due and due.anchor != "start":
        yield Complaint("due", f"{rule.kind}: {rule.cell('due')}", "that kind counts a length from its start")


def _stays(rule: ToldRule) -> Iterator[Complaint]:
    due = rule.limit
    if due and (due.length is None or due.length.unit != "months"):
        yield Complaint("due", f"time in a window: {rule.cell('due')}", "stays are added up in months")
    if not rule.cell("stopped_by"):
        yield Complaint("window", "time in a window without stopped_by", "nothing says when a stay ends")


def _numbers(rule: ToldRule) -> Iterator[Complaint]:
    number = rule.number
    if number and rule.kind != "quota" and (number.most or number.in_hours):
        yield Complaint(
            "count", f"{rule.cell('count')} in a rule of kind {rule.kind}", "only a quota counts ranges and hours"
        )
    dates = rule.interval.dates if rule.interval else ()
    if dates and rule.kind == "recurring" and not rule.things:
        yield Complaint("every", "fixed dates without per", "`per` must name the field in which an act says its date")
    if dates and number and number.least != len(dates):
        yield Complaint(
            "count", f"{number.least} of {len(dates)} dates", "the number of a list is the number of its dates"
        )
    if dates and rule.kind != "recurring":
        yield Complaint("every", f"fixed dates in a rule of kind {rule.kind}", "only what recurs has them")
