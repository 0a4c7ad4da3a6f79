"""What a report still lacks. Every row is one entry that a rule asks for; none of them ever refuses a report."""

from collections.abc import Callable, Iterator

from intake.content import Content
from intake.flag import Flag
from intake.state import Report
from intake.vocabulary import Entry

Given = Callable[[Content], bool]


def _ages(content: Content) -> bool:
    return all(victim.birth_date or victim.age for victim in content.in_role("victim"))


def _relationships(content: Content) -> bool:
    related = [person for person in content.people if set(person.roles) - {"complainant"}]
    return bool(related) and all(person.relationship or "victim" in person.roles for person in related)


def _allegations(content: Content) -> bool:
    return all(victim.allegations for victim in content.in_role("victim")) and bool(content.victims)


ENTRIES: tuple[tuple[Entry, str, Given], ...] = (
    ("call-time", "R-INT-001", lambda content: content.received_at is not None),
    ("allegation-summary", "R-INT-001", lambda content: content.allegation_summary is not None),
    ("complainant", "R-INT-001", lambda content: bool(content.in_role("complainant"))),
    ("victims", "R-INT-001", lambda content: bool(content.victims)),
    ("alleged-perpetrators", "R-INT-001", lambda content: bool(content.in_role("alleged-perpetrator"))),
    ("household", "R-INT-001", lambda content: bool(content.in_role("household-member"))),
    ("relationships", "R-INT-001", _relationships),
    ("locations", "R-INT-001", lambda content: content.locations is not None),
    ("channel", "F-INT-01", lambda content: content.channel is not None),
    ("county", "F-INT-01", lambda content: content.county is not None),
    ("victim-ages", "F-INT-01", _ages),
    ("allegations", "F-INT-01", _allegations),
    ("felony-ground", "F-INT-01", lambda content: content.felony_ground is not None),
    ("setting", "F-INT-01", lambda content: content.setting is not None),
    ("facility", "F-INT-01", lambda content: content.setting != "congregate-facility" or bool(content.facility_id)),
    ("child-in-custody", "F-INT-01", lambda content: content.child_in_custody is not None),
    ("resource-home", "R-INT-020", lambda content: not content.in_resource_home or bool(content.resource_home_id)),
    ("extent", "R-INT-002", lambda content: content.extent is not None),
    ("vulnerability", "R-INT-002", lambda content: content.vulnerability is not None),
    ("child-whereabouts", "R-INT-002", lambda content: content.child_whereabouts is not None),
    ("perpetrator-whereabouts", "R-INT-002", lambda content: content.perpetrator_whereabouts is not None),
    ("present-danger", "R-INT-002", lambda content: content.present_danger is not None),
    ("tribal-membership", "R-INT-021", lambda content: content.tribal_membership is not None),
)


def content_flags(content: Content) -> Iterator[Flag]:
    """One flag `<entry>-missing` for each entry that is neither given nor marked unknown."""
    unknown = set(content.unknown or ())
    for entry, rule, given in ENTRIES:
        if entry not in unknown and not given(content):
            yield Flag(code=f"{entry}-missing", rule=rule)


def flags_of(report: Report) -> tuple[Flag, ...]:
    """All flags that stand on a report, in a fixed order: exceptions first."""
    return tuple(dict.fromkeys((*report.exceptions, *content_flags(report.content), *_course_flags(report))))


def _course_flags(report: Report) -> Iterator[Flag]:
    screening, assignment = report.screening, report.assignment
    if report.late:
        yield Flag(code="late-entry", rule="R-INT-003")
    if screening and screening.decision == "screened-out" and report.content.in_custody and not screening.reviewed:
        yield Flag(code="screened-out-not-reviewed", rule="R-INT-013")
    if assignment and not assignment.staffed:
        yield Flag(code="staffing-missing", rule="R-INT-022")
    if assignment and set(report.search.found) - report.shared:
        yield Flag(code="prior-reports-not-attached", rule="R-INT-005")
