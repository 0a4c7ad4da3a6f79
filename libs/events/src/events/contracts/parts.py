"""Parts that several public events are made of: an amount that may have halves, and a person with an age."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, PlainSerializer, WithJsonSchema

from events.event import PublicEvent


def _number(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)


Amount = Annotated[
    Decimal, PlainSerializer(_number, return_type=int | float, when_used="json"), WithJsonSchema({"type": "number"})
]
"""Hours, months, miles or points: exact here, a plain number as it travels."""


class Part(BaseModel):
    """One of a list inside a public event: frozen, strict, under the names that travel."""

    model_config = PublicEvent.model_config


class ChildOfPlan(Part):
    """A child whom a plan is for, at the age it had then."""

    child_id: UUID
    age: int


class HouseholdMember(Part):
    """Somebody who lives in a home, at the age they had then."""

    member_id: UUID
    age: int
