"""SELECTs behind the reads. A list shows exactly what a get would admit."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from events.authority import Reach
from events.reach_sql import condition
from intake.content import Content, Person
from intake.read_models import PRIOR_INDEX, REPORTS
from intake.tokens import INDEXED

COLUMNS, ENTRY = REPORTS.c, PRIOR_INDEX.c
ORDER = (COLUMNS.received_at, COLUMNS.report_id)


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to; None does not narrow."""

    status: str | None = None
    county: str | None = None
    worker_id: str | None = None
    resource_home_id: UUID | None = None
    child_in_custody: str | None = None
    flag: str | None = None


def reports(reach: Reach, wanted: Filter) -> Select[Any]:
    """The reports that the caller may see, narrowed by `wanted`."""
    query = select(REPORTS).where(condition(reach, COLUMNS.county, COLUMNS.worker_id, COLUMNS.organisation))
    for name in ("status", "county", "worker_id", "resource_home_id", "child_in_custody"):
        if (value := getattr(wanted, name)) is not None:
            query = query.where(COLUMNS[name] == value)
    return query.where(COLUMNS.flags.contains([{"code": wanted.flag}])) if wanted.flag else query


def report(report_id: UUID) -> Select[Any]:
    """The row of one report."""
    return select(REPORTS).where(COLUMNS.report_id == report_id)


def earlier(report_id: UUID, content: Content) -> Select[Any]:
    """Other reports that name one of the same people: the same name, and no other birth date."""
    known = [person for person in content.people if person.name_token and INDEXED & set(person.roles)]
    query = select(ENTRY.report_id).where(or_(false(), *map(_same, known)), ENTRY.report_id != report_id)
    return query.distinct().order_by(ENTRY.report_id)


def _same(person: Person) -> ColumnElement[bool]:
    name = ENTRY.name_token == person.name_token
    if person.birth_token is None:
        return name
    return and_(name, or_(ENTRY.birth_token.is_(None), ENTRY.birth_token == person.birth_token))
