"""A flag: accepted, but something is missing. An exception is a flag of the highest level: a gate was passed over."""

from typing import Literal

from intake.content import Part


class Flag(Part):
    """`code` is stable and part of the API; `rule` says which rule raised it."""

    code: str
    rule: str
    severity: Literal["flag", "exception"] = "flag"
