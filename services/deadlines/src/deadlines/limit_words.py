"""The limit of a rule in words, for every kind, as a table for policy people shows it."""

from deadlines.lengths import Length
from deadlines.limits import Count, Interval
from deadlines.rule import EACH, Rule
from deadlines.wording import number_words

NO_LIMIT = "no time or number given"


def limit_words(rule: Rule) -> str:
    """When, how often or how many, in a few words; the words of the source where no number can be told from them."""
    told = WORDS[rule.kind](rule)
    return told or rule.when or NO_LIMIT


def _once(rule: Rule) -> str:
    if rule.window:
        return f"when {rule.due} of the last {_length(rule.window)} are reached"
    return _due(rule)


def _due(rule: Rule) -> str:
    if not rule.due:
        return ""
    told = rule.limit
    match told.anchor:
        case "immediately":
            return "immediately"
        case "same day":
            return "on the same day"
        case "same day as":
            return f"on the day of {' or '.join(told.events)}"
        case "date":
            day = f"{told.events[0]}.{told.field}"
            return f"{told.length} before {day}" if told.length else f"by {day}"
        case "start":
            end = ", to the end of the calendar month" if told.to_month_end else ""
            return f"within {told.length}{end}"


def _recurring(rule: Rule) -> str:
    if not rule.every:
        return _due(rule)
    if rule.interval.dates:
        return f"{', '.join(map(str, rule.interval.dates))} {rule.interval.length.unit} after the start"
    again = f"every {_interval(rule.interval)}"
    return f"first {_due(rule)}, then {again}" if rule.due else again


def _quota(rule: Rule) -> str:
    number = _number(rule.number) if rule.count else ""
    each = f"each {_interval(rule.interval)}" if rule.every else ""
    runs = f"{'for' if rule.every else 'in'} {_length(rule.runs)}" if rule.runs else ""
    return " ".join(part for part in (number, each, runs) if part)


def _cap(rule: Rule) -> str:
    number = ""
    if rule.count:
        number = (
            f"{rule.number.least} begun each {_interval(rule.interval)}"
            if rule.every
            else f"{rule.number.least} open at once"
        )
    longest = f"{rule.limit.length}" if rule.due and rule.limit.length else _due(rule)
    told = [part for part in (number, f"{'each ' if number else ''}{longest}" if longest else "") if part]
    return f"at most {', '.join(told)}" if told else ""


def _gate(rule: Rule) -> str:
    if rule.gate is None:
        return ""
    again = ", anew each time" if rule.every == EACH else ""
    times = f", {rule.number.least} times" if rule.number.least > 1 else ""
    measured = f", {rule.gate.measures} {_length(rule.gate.threshold)}" if rule.gate.measures else ""
    return f"before {' or '.join(rule.blocked)}{times}{measured}{again}"


def _monitor(rule: Rule) -> str:
    if rule.window:
        return f"trips at {rule.number.least} within {_length(rule.window)}"
    if rule.count:
        return f"trips at more than {rule.number.least} {_due(rule)}"
    if rule.starts == rule.acts:
        return "one fact trips"
    return f"{'trips after' if rule.stopped_by else 'counts for'} {rule.limit.length}" if rule.due else ""


WORDS = {
    "once": _once,
    "age": _due,
    "lead": _due,
    "recurring": _recurring,
    "quota": _quota,
    "cap": _cap,
    "gate": _gate,
    "monitor": _monitor,
}


def _interval(interval: Interval) -> str:
    length = interval.length
    if interval.quarterly:
        return "quarter" if length.amount == 3 else f"{length.amount // 3} quarters"
    return str(length).removeprefix("1 ")


def _number(number: Count) -> str:
    return number_words(number) or "once"


def _length(cell: str) -> str:
    return str(Length.parse(cell)) if cell else ""
