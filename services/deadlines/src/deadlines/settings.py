"""Settings of the deadlines service: the agency's calendar and the readings that the sources leave open."""

from datetime import date

from pydantic import Field

from events.settings import ServiceSettings


class DeadlinesSettings(ServiceSettings):
    """The calendar of the agency, the packs in force, and how long `immediately` is."""

    deadlines_country: str = "US"
    deadlines_state: str = "MS"
    deadlines_closures: frozenset[date] = Field(
        frozenset(), description="days on which the agency is closed, as JSON list"
    )
    deadlines_packs: tuple[str, ...] = Field(
        ("settlement", "policy-2009"), description="packs switched on, as JSON list"
    )
    deadlines_pack_counties: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="packs that only some counties have switched on, as JSON object"
    )
    deadlines_tolerance_minutes: int | None = Field(None, ge=1, description="what `immediately` means; empty: unknown")
    deadlines_sweep_seconds: float = Field(0.5, gt=0, le=60, description="how often due clocks are looked for")
