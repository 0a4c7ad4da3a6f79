"""The rules that hold in one place: packs, the agency's settings, where and from when each is switched on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations

from deadlines.calendar import Calendar
from deadlines.judge import Judged
from deadlines.ladder import Escalation
from deadlines.limit_words import limit_words
from deadlines.packs import Agency, BrokenPack, Pack, load_packs
from deadlines.rule import Rule
from deadlines.settings import DeadlinesSettings, Switch
from deadlines.subjects import AGENCY, Scope, scopes_of

UNSETTLED = "UNSETTLED"
BENCHMARK = "benchmark"


@dataclass(frozen=True)
class Policy:
    """What this agency has switched on, and its calendars."""

    settings: DeadlinesSettings

    @property
    def agency(self) -> Agency:
        """What the agency sets for packs and rules."""
        settings = self.settings
        minutes = settings.deadlines_tolerance_minutes
        everywhere = {} if minutes is None else {"tolerance_minutes": minutes}
        return Agency(
            settings=settings.deadlines_readings | {"*": everywhere | settings.deadlines_readings.get("*", {})},
            switched_off=frozenset(settings.deadlines_rows_switched_off),
            ladders=settings.deadlines_ladders,
        )

    @cached_property
    def packs(self) -> tuple[Pack, ...]:
        """All packs that are there, with the agency's settings. Raises BrokenPack."""
        settings = self.settings
        packs = load_packs(self.agency, settings.deadlines_pack_folder)
        known = {pack.name for pack in packs}
        for name in (*settings.deadlines_packs, *(switch.pack for switch in settings.deadlines_switches)):
            if name not in known:
                raise BrokenPack(f"HEARTHLINE_DEADLINES_PACKS or _SWITCHES: there is no pack {name}")
        return packs

    @cached_property
    def switches(self) -> tuple[Switch, ...]:
        """Every switch, those that hold everywhere first."""
        return (*(Switch(pack=name) for name in self.settings.deadlines_packs), *self.settings.deadlines_switches)

    @property
    def escalation(self) -> Escalation:
        """The ladders, and what staff may order. Raises BrokenLadder."""
        return self.agency.escalation

    def check(self) -> None:
        """Everything that a start must refuse. Raises BrokenPack, UnknownCalendar."""
        self.calendar("")
        self._refuse_strange_places()
        for county in {*self.settings.counties, *(switch.county for switch in self.switches if switch.county)}:
            self.calendar(county)
            self.judged(county)
        self.judged("")

    def calendar(self, county: str) -> Calendar:
        """The calendar of a county: state holidays, the agency's closures and the county's own. Raises UnknownCalendar."""
        if county not in self._calendars:
            settings = self.settings
            own = settings.deadlines_county_closures.get(county, frozenset())
            self._calendars[county] = Calendar(
                settings.time_zone,
                settings.deadlines_country,
                settings.deadlines_state,
                settings.deadlines_closures | own,
            )
        return self._calendars[county]

    @cached_property
    def region_of_county(self) -> dict[str, str]:
        """The region that each county lies in."""
        return {county: region for region, counties in self.settings.regions.items() for county in counties}

    @cached_property
    def events(self) -> dict[str, frozenset[str]]:
        """The events that some rule reads, by the kind of subject that it is judged in."""
        return dict(Judged.of(self.rules).events)

    def advised_in(self, kind: str) -> frozenset[str]:
        """The events that some advice reads which concerns subjects of this kind."""
        advice = (rule for rule in self.rules if not rule.enforced and kind in scopes_of(rule))
        return frozenset(event for rule in advice for event in rule.events)

    def read_in(self, kind: str) -> frozenset[str]:
        """The events that some rule reads which is judged in subjects of this kind."""
        return self.events.get(kind, frozenset())

    def judged(self, county: str, region: str | None = None) -> Judged:
        """The rules that hold in a county, or in a region, or (without both) for the whole agency. Raises BrokenPack."""
        place = county, region
        if place not in self._judged:
            self._judged[place] = Judged.of(self.in_place(*place))
        return self._judged[place]

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule that is switched on anywhere."""
        on = {switch.pack for switch in self.switches}
        return tuple(rule for pack in self.packs if pack.name in on for rule in pack.rules)

    @cached_property
    def benchmarks(self) -> dict[str, str]:
        """The figure beside which an obligation is read, from packs that are benchmarks: printed, never enforced."""
        beside = (pack for pack in self.packs if pack.header.standing == BENCHMARK)
        return {rule.obligation: limit_words(rule) for pack in beside for rule in pack.rules}

    @cached_property
    def standing_scopes(self) -> tuple[Scope, ...]:
        """The subjects that are there without any fact: the agency, its regions and its counties."""
        regions = (Scope("region", region) for region in self.settings.regions)
        return (AGENCY, *regions, *(Scope("county", county) for county in self.settings.counties))

    def _refuse_strange_places(self) -> None:
        """A switch or a closure for a place that is not there would be silent."""
        settings = self.settings
        if not settings.regions:
            return
        counties = {*settings.deadlines_county_closures, *(each.county for each in self.switches if each.county)}
        for county in sorted(counties - set(settings.counties)):
            raise BrokenPack(f"a switch or a closure names {county}, and no region has such a county")
        for region in sorted({each.region for each in self.switches if each.region} - set(settings.regions)):
            raise BrokenPack(f"a switch names {region}, and there is no such region")

    @cached_property
    def _calendars(self) -> dict[str, Calendar]:
        return {}

    @cached_property
    def _judged(self) -> dict[tuple[str, str | None], Judged]:
        return {}

    def in_place(self, county: str, region: str | None = None) -> Iterable[Rule]:
        """The rules that are switched on in a county or a region, with advice. Raises BrokenPack."""
        region = region or self.region_of_county.get(county)
        here = [switch for switch in self.switches if switch.holds_in(county, region)]
        _refuse_two_of_one_group(here, {pack.name: pack.header.only_one_of for pack in self.packs})
        _refuse_doubles(here)
        for pack in self.packs:
            for switch in (switch for switch in here if switch.pack == pack.name):
                yield from (switched(rule, switch) for rule in pack.rules if not _left_out(rule))


def switched(rule: Rule, switch: Switch) -> Rule:
    """The rule with the dates of its switch. R-DDL-004: cases already open owe it from the date the county has set."""
    ends = [day for day in (rule.effective_until, switch.until) if day is not None]
    return rule.model_copy(
        update={
            "effective_from": max(rule.effective_from, switch.since or date.min),
            "effective_until": min(ends, default=None),
            "open_cases_from": switch.open_cases_from,
        }
    )


def _left_out(rule: Rule) -> bool:
    return rule.readings.unsettled_rows == "off" and UNSETTLED in rule.note


def _refuse_two_of_one_group(switches: Iterable[Switch], groups: Mapping[str, str]) -> None:
    """Of a group, such as the packs of family preservation, exactly one holds for each day."""
    grouped = [switch for switch in switches if groups.get(switch.pack)]
    for one, other in combinations(grouped, 2):
        if one.pack != other.pack and groups[one.pack] == groups[other.pack] and one.overlaps(other):
            raise BrokenPack(f"{one.pack} and {other.pack} are switched on for the same days: choose one for each day")


def _refuse_doubles(switches: Iterable[Switch]) -> None:
    """A pack that is on twice on one day would set every clock twice."""
    for one, other in combinations(switches, 2):
        if one.pack == other.pack and one.overlaps(other):
            raise BrokenPack(f"{one.pack} is switched on twice for the same days: choose one switch for each day")
