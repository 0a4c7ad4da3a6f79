"""Settings of the deadlines service: the agency's places, its calendar, its packs and the readings it chooses."""

from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from events.settings import ServiceSettings


class Switch(BaseModel):
    """A pack switched on in a region or a county (in the whole state without both), from a day and until another.

    `open_cases_from`: the day from which cases already open owe what begins then (R-DDL-004).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    pack: str
    region: str | None = None
    county: str | None = None
    since: date | None = Field(default=None, alias="from")
    until: date | None = None
    open_cases_from: date | None = None

    def holds_in(self, county: str, region: str | None) -> bool:
        """Whether it is made for the state, for this region or for this county."""
        return (self.county in (None, county)) and (self.region in (None, region))

    def overlaps(self, other: "Switch") -> bool:
        """Whether both are on on some day."""
        starts_first = self.until is None or (other.since or date.min) < self.until
        return starts_first and (other.until is None or (self.since or date.min) < other.until)


class DeadlinesSettings(ServiceSettings):
    """The places and calendar of the agency, the packs in force, and how what the sources leave open is read."""

    regions: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="the counties of each region, as JSON object"
    )
    deadlines_country: str = "US"
    deadlines_state: str = "MS"
    deadlines_closures: frozenset[date] = Field(
        frozenset(), description="days on which the agency is closed, as JSON list"
    )
    deadlines_county_closures: dict[str, frozenset[date]] = Field(
        default_factory=dict, description="further days on which the offices of a county are closed, as JSON object"
    )
    deadlines_packs: tuple[str, ...] = Field(
        ("settlement", "policy-2009", "statute", "federal", "coa", "fps-current"),
        description="packs switched on everywhere, as JSON list",
    )
    deadlines_switches: tuple[Switch, ...] = Field(
        (), description="packs switched on by region, county and date, as JSON list"
    )
    deadlines_pack_folder: Path | None = Field(None, description="a folder with packs of the agency's own")
    deadlines_ladders: Path | None = Field(None, description="a file with the agency's own escalation ladders")
    deadlines_readings: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="readings for all packs (`*`), one pack or one rule, as JSON object"
    )
    deadlines_rows_switched_off: tuple[str, ...] = Field(
        (), description="rules switched off where two are readings of one duty, as JSON list"
    )
    deadlines_tolerance_minutes: int | None = Field(None, ge=1, description="what `immediately` means; empty: unknown")
    deadlines_sweep_seconds: float = Field(0.5, gt=0, le=60, description="how often due clocks are looked for")

    @property
    def counties(self) -> tuple[str, ...]:
        """Every county of every region."""
        return tuple(county for counties in self.regions.values() for county in counties)
