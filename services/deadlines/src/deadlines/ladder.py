"""Who is told of a clock, and when: rungs read from data, held by acknowledgement, snooze and quiet hours."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from deadlines.calendar import ONE_DAY, Calendar
from deadlines.facts import ACKNOWLEDGE, SNOOZE, Facts
from deadlines.lengths import Length

WHEN = re.compile(r"(.+) (before|after)")
AT_DUE = "due"
Told = Literal["worker", "supervisor", "director"]
HOURS = {"hours": 1, "days": 24, "calendar-days": 24, "business-days": 24, "weeks": 168, "months": 730, "years": 8760}


class BrokenLadder(ValueError):
    """A ladder that does not say what a ladder must say."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _length(text: str) -> str:
    Length.parse(text)
    return text


LengthText = Annotated[str, BeforeValidator(_length)]


class Rung(_Strict):
    """One step: when, who is told, and whether it may wait for the end of the quiet hours."""

    when: str
    tells: tuple[Told, ...] = Field(min_length=1)
    may_wait: bool = False

    @field_validator("when")
    @classmethod
    def _is_a_moment(cls, when: str) -> str:
        match = WHEN.fullmatch(when)
        if when != AT_DUE and match is None:
            raise ValueError(f"neither `due` nor a length before or after it: {when}")
        if match and Length.parse(match.group(1)).unit == "business-days" and match.group(2) == "before":
            raise ValueError(f"days are counted back as calendar days: {when}")
        return when

    @cached_property
    def length(self) -> Length | None:
        """How long before or after the due time; None at the due time."""
        match = WHEN.fullmatch(self.when)
        return Length.parse(match.group(1)) if match else None

    def at(self, due: datetime, calendar: Calendar) -> datetime:
        """The instant of the rung for a due time."""
        if self.length is None:
            return due
        return calendar.earlier(due, self.length) if self.before else calendar.later(due, self.length)

    @cached_property
    def before(self) -> bool:
        return self.when.endswith(" before")


class _Ladder(_Strict):
    up_to: LengthText | None = None
    rungs: tuple[Rung, ...] = Field(min_length=1)


class _Quiet(_Strict):
    start: time = Field(alias="from")
    until: time


class _Acknowledge(_Strict):
    holds: LengthText


class _Snooze(_Strict):
    most: LengthText
    times: int = Field(ge=0)


class _Waive(_Strict):
    roles: frozenset[str]


class Escalation(_Strict):
    """The whole file: ladders by the length of the limit, quiet hours, and what staff may order."""

    reasons: tuple[str, ...] = Field(min_length=1)
    ladder: tuple[_Ladder, ...] = Field(min_length=1)
    quiet: _Quiet | None = None
    acknowledge: _Acknowledge
    snooze: _Snooze
    extend: dict[str, LengthText]
    waive: _Waive

    def rungs(
        self, limit: Length | None, warn: Iterable[str] = (), together: tuple[Told, ...] = ()
    ) -> tuple[Rung, ...]:
        """The rungs of a rule: those of the first ladder that holds its limit; its own warnings replace those before due.

        `together`: whom the rule never tells apart, such as worker and supervisor of a milestone (R-NTF-012).
        """
        found = next((each for each in self.ladder if _holds(each.up_to, limit)), self.ladder[-1])
        own = tuple(Rung(when=f"{lead} before", tells=("worker", "supervisor")) for lead in warn)
        return tuple(
            rung.model_copy(update={"tells": tuple(dict.fromkeys((*together, *rung.tells)))})
            if set(rung.tells) & set(together)
            else rung
            for rung in (*own, *(rung for rung in found.rungs if not (own and rung.before)))
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of one clock, at its instant. `number` counts from 1 in the order of the ladder."""

    number: int
    at: datetime
    tells: tuple[Told, ...]


@cache
def escalation(path: Path | None = None) -> Escalation:
    """The delivered ladders, or those of the agency's own file. Raises BrokenLadder, OSError."""
    file = path or resources.files("deadlines").joinpath("ladders.toml")
    try:
        return Escalation.model_validate(tomllib.loads(file.read_text("utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise BrokenLadder(f"{path or 'ladders.toml'}: {error}") from error


def steps(
    rungs: Iterable[Rung], started: datetime, due: datetime, orders: Facts, told: Escalation, calendar: Calendar
) -> tuple[Step, ...]:
    """The steps of one clock in the order in which they come; a warning that would come before the start is left out.

    An acknowledgement and a snooze hold what comes while they last, to their end; what may wait is held over quiet hours,
    but a warning is never held beyond the due time.
    """
    holds = tuple(_holds_of(orders, told, calendar))
    found = [
        Step(number, _held(rung, at, due, holds, told, calendar), rung.tells)
        for number, rung in enumerate(rungs, 1)
        if (at := rung.at(due, calendar)) > started
    ]
    return tuple(sorted(found, key=lambda step: (step.at, step.number)))


def _held(
    rung: Rung,
    at: datetime,
    due: datetime,
    holds: Iterable[tuple[datetime, datetime]],
    told: Escalation,
    calendar: Calendar,
) -> datetime:
    if rung.when == AT_DUE:
        return at
    later = _after_quiet(at, told.quiet, calendar) if rung.may_wait and told.quiet else at
    for given, until in holds:
        later = until if given <= later < until else later
    return min(later, due) if rung.before else later


def _holds_of(orders: Facts, told: Escalation, calendar: Calendar) -> Iterable[tuple[datetime, datetime]]:
    holds = Length.parse(told.acknowledge.holds)
    for order in orders:
        if order.type == ACKNOWLEDGE:
            yield order.occurred_at, calendar.later(order.occurred_at, holds)
        elif order.type == SNOOZE and order.data.get("until"):
            yield order.occurred_at, datetime.fromisoformat(str(order.data["until"]))


def _after_quiet(at: datetime, quiet: _Quiet, calendar: Calendar) -> datetime:
    local = calendar.local(at)
    over_midnight = quiet.start > quiet.until
    inside = (
        (local.time() >= quiet.start or local.time() < quiet.until)
        if over_midnight
        else (quiet.start <= local.time() < quiet.until)
    )
    if not inside:
        return at
    day = local.date() + ONE_DAY if over_midnight and local.time() >= quiet.start else local.date()
    return calendar.at(day, quiet.until)


def _holds(up_to: str | None, limit: Length | None) -> bool:
    return up_to is None or _hours(limit) <= _hours(Length.parse(up_to))


def _hours(length: Length | None) -> timedelta:
    return timedelta(hours=length.amount * HOURS[length.unit]) if length else timedelta(0)
