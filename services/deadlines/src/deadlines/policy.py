"""The rules that hold in one place: packs, the agency's settings, where and from when each is switched on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from itertools import combinations

from deadlines.calendar import Calendar
from deadlines.judge import Judged
from deadlines.ladder import Escalation, escalation
from deadlines.limit_words import limit_words
from deadlines.packs import Agency, BrokenPack, Pack, load_packs
from deadlines.rule import Rule
from deadlines.settings import DeadlinesSettings, Switch
from deadlines.subjects import AGENCY, Scope, scopes_of

FAMILY_PRESERVATION = "fps-"
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

    @cached_property
    def fingerprint(self) -> str:
        """Tells whether anything differs that clocks are judged by: rules, ladders, calendars, places."""
        settings = self.settings
        chosen = {name: value for name, value in settings.model_dump().items() if name.startswith("deadlines_")}
        told = [rule.model_dump() for rule in self.rules], self.escalation.model_dump(), chosen, settings.regions
        release = [version(name) for name in ("deadlines", "holidays")]
        return sha256(_canonical([*told, settings.time_zone, *release]).encode()).hexdigest()

    @property
    def escalation(self) -> Escalation:
        """The ladders, and what staff may order. Raises BrokenLadder."""
        return escalation(self.settings.deadlines_ladders)

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
        place = county, region or self.region_of_county.get(county)
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
        here = [switch for switch in self.switches if switch.holds_in(county, region)]
        _refuse_two_of_one_kind(here)
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


def _canonical(value: object) -> str:
    """A text that is the same in every process: sets have no order."""
    match value:
        case Mapping():
            return (
                "{" + ",".join(sorted(f"{_canonical(name)}:{_canonical(item)}" for name, item in value.items())) + "}"
            )
        case set() | frozenset():
            return "(" + ",".join(sorted(map(_canonical, value))) + ")"
        case list() | tuple():
            return "[" + ",".join(map(_canonical, value)) + "]"
        case _:
            return repr(value)


def _left_out(rule: Rule) -> bool:
    return rule.readings.unsettled_rows == "off" and UNSETTLED in rule.note


def _refuse_two_of_one_kind(switches: Iterable[Switch]) -> None:
    """Exactly one family preservation pack holds for each referral date."""
    of_fps = [switch for switch in switches if switch.pack.startswith(FAMILY_PRESERVATION)]
    for one, other in combinations(of_fps, 2):
        if one.pack != other.pack and one.overlaps(other):
            raise BrokenPack(f"{one.pack} and {other.pack} are switched on for the same days: choose one for each day")


def _refuse_doubles(switches: Iterable[Switch]) -> None:
    """A pack that is on twice on one day would set every clock twice."""
    for one, other in combinations(switches, 2):
        if one.pack == other.pack and one.overlaps(other):
            raise BrokenPack(f"{one.pack} is switched on twice for the same days: choose one switch for each day")
