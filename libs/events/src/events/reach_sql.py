"""A reach as the WHERE of a query, so that a list shows exactly what a get would admit."""

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, and_, cast, false, or_, true

from events.authority import Reach

Column = ColumnElement[Any]


def condition(
    reach: Reach,
    county_column: Column | None = None,
    assigned_column: Column | None = None,
    organisation_column: Column | None = None,
    role_column: Column | None = None,
) -> ColumnElement[bool]:
    """The rows that `reach` admits. A table without one of the columns has no row that is reached that way.

    `assigned_column` is the id of one person or an ARRAY of ids.
    """
    if reach.everything:
        return true()
    ways: list[ColumnElement[bool]] = []
    if county_column is not None and reach.counties:
        ways.append(county_column.in_(sorted(reach.counties)))
    if assigned_column is not None and reach.assigned_to is not None:
        ways.append(_names(assigned_column, reach.assigned_to))
    if organisation_column is not None and reach.organisation is not None:
        ways.append(organisation_column == reach.organisation)
    if county_column is not None and role_column is not None:
        ways.extend(and_(role_column == role, county_column == county) for role, county in sorted(reach.inboxes))
    return or_(false(), *ways)


def _names(column: Column, person: str) -> ColumnElement[bool]:
    if isinstance(column.type, ARRAY):
        return column.op("@>", is_comparison=True)(cast([person], column.type))
    return column == person
