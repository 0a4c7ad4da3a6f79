"""Who may: the sentences of the policy that matter most, and that it is closed by default."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import ARRAY, Column, Text, select
from sqlalchemy.dialects import postgresql

from events.authority import CLOSED, Actor, Reach, Subject, reach, require
from events.decider import Rejected
from events.permissions import ACTIONS, PERMISSIONS, ROLES, permissions
from events.reach_sql import condition

HOTLINE = Actor("hotline-software", frozenset({"ROLE-02"}), organisation="state-hotline")
SUPERVISOR = Actor("supervisor-1", frozenset({"ROLE-03"}), frozenset({"alder"}))
WORKER = Actor("worker-1", frozenset({"ROLE-05"}), frozenset({"alder"}))
CUSTODY_INVESTIGATOR = Actor("worker-2", frozenset({"ROLE-06"}), frozenset({"alder"}))
DIRECTOR = Actor("director-1", frozenset({"ROLE-12"}), frozenset({"alder", "birch"}))
ADMINISTRATOR = Actor("administrator-1", frozenset({"ROLE-79"}), frozenset({"alder"}))
READS = ("read", "read-confidential", "list", "stream", "export")
CASE_SERVICES = ("report.", "investigation.", "clock.")


@pytest.mark.parametrize("read", ["read", "read-confidential", "list", "stream"])
@pytest.mark.parametrize("noun", ["report", "investigation"])
def test_a_worker_reads_only_what_is_assigned_to_them(noun: str, read: str) -> None:
    """R-INT-005; ROLE-05 and ROLE-06: own county or not, only the assignment counts."""
    for worker in (WORKER, CUSTODY_INVESTIGATOR):
        reached = reach(worker, f"{noun}.{read}")
        assert reached.admits(Subject("birch", frozenset({worker.id, "worker-9"})))
        assert not reached.admits(Subject("alder", frozenset({"worker-9"})))
        assert not reached.admits(Subject("alder"))


@pytest.mark.parametrize("action", sorted(each for each in ACTIONS if each.startswith(CASE_SERVICES)))
def test_a_supervisor_of_one_county_never_reaches_another(action: str) -> None:
    """R-INT-015: get, list, stream, export and every act alike; only receiving a report knows no county (R-INT-014)."""
    reached = reach(SUPERVISOR, action)
    assert reached.admits(Subject("birch", frozenset({"worker-1"}), "state-hotline")) is (action == "report.receive")


@pytest.mark.parametrize("read", READS)
def test_a_supervisor_reads_the_own_county_in_every_way(read: str) -> None:
    assert reach(SUPERVISOR, f"report.{read}") == Reach(counties=frozenset({"alder"}))
    assert reach(SUPERVISOR, f"investigation.{read}") == Reach(counties=frozenset({"alder"}))


@pytest.mark.parametrize("action", ["report.screen", "report.assign", "report.override"])
def test_only_a_supervisor_screens_and_assigns(action: str) -> None:
    """R-INT-015, R-INT-016."""
    here = Subject("alder", frozenset(each.id for each in (WORKER, DIRECTOR, HOTLINE)), "state-hotline")
    allowed = {role for role in ROLES if reach(_everywhere(role), action).admits(here)}
    assert allowed == {"ROLE-03"}


def test_only_the_regional_director_assigns_a_resource_home_report() -> None:
    """R-INV-004: assignment by another supervisor is refused."""
    require(DIRECTOR, "report.assign-resource-home", Subject("birch"))
    for actor, county in ((SUPERVISOR, "alder"), (DIRECTOR, "cedar")):
        with pytest.raises(Rejected) as refusal:
            require(actor, "report.assign-resource-home", Subject(county))
        assert refusal.value.rule == "R-INV-004"
        assert refusal.value.source == "003:1987"


@pytest.mark.parametrize("role", ["ROLE-03", "ROLE-12"])
def test_a_screened_out_custody_report_is_reviewed_by_supervisor_or_director(role: str) -> None:
    """R-INT-013."""
    assert reach(_everywhere(role), "report.review-screened-out").admits(Subject("alder"))


@pytest.mark.parametrize("action", ["investigation.approve", "investigation.return", "investigation.sign-assessment"])
def test_no_worker_approves_returns_or_signs(action: str) -> None:
    """R-INV-018, R-INV-030, R-INV-052."""
    own = Subject("alder", frozenset({"worker-1", "worker-2"}))
    assert not reach(WORKER, action).admits(own)
    assert not reach(CUSTODY_INVESTIGATOR, action).admits(own)
    assert reach(SUPERVISOR, action).admits(own)


def test_the_administrator_sees_no_case_content() -> None:
    """ROLE-79."""
    case_actions = {each for each in ACTIONS if each.startswith(CASE_SERVICES)}
    assert {each for each in case_actions if not reach(ADMINISTRATOR, each).closed} == set()
    assert reach(ADMINISTRATOR, "inbox.read").closed
    assert reach(ADMINISTRATOR, "operation.manage").everything


def test_the_reporter_sees_nothing() -> None:
    """ROLE-01."""
    reporter = Actor("reporter-1", frozenset({"ROLE-01"}), frozenset({"alder"}), "state-hotline")
    assert {action for action in ACTIONS if not reach(reporter, action).closed} == set()


def test_the_hotline_takes_every_report_and_reads_its_own() -> None:
    """ROLE-02, R-INT-004: earlier reports are looked for in the whole state."""
    require(HOTLINE, "report.receive", Subject("cedar", organisation="state-hotline"))
    require(HOTLINE, "report.search-prior", Subject("cedar"))
    require(HOTLINE, "report.read", Subject("cedar", organisation="state-hotline"))
    assert not reach(HOTLINE, "report.read").admits(Subject("cedar", organisation="another-hotline"))
    assert not reach(HOTLINE, "report.read").admits(Subject("cedar"))
    assert reach(HOTLINE, "report.export").closed


def test_staff_of_any_county_may_report_a_suspicion_about_a_child_in_another() -> None:
    """R-INT-014."""
    require(WORKER, "report.receive", Subject("birch"))


def test_an_inbox_holds_the_own_post_and_that_of_the_own_role_in_the_own_county() -> None:
    inbox = reach(SUPERVISOR, "inbox.read")
    assert inbox.admits(Subject("birch", frozenset({"supervisor-1"})))
    assert inbox.admits(Subject("alder", role="ROLE-03"))
    assert not inbox.admits(Subject("birch", role="ROLE-03"))
    assert not inbox.admits(Subject("alder", role="ROLE-12"))
    assert inbox.admits(Subject("", role="ROLE-03")), "post without a county must not lie unseen"
    assert not inbox.admits(Subject("alder", frozenset({"worker-1"})))


def test_a_role_that_has_no_inbox_opens_none_beside_one_that_has() -> None:
    both = Actor("two-hats", frozenset({"ROLE-03", "ROLE-22"}), frozenset({"alder"}))
    assert reach(both, "inbox.read").inboxes == {("ROLE-03", "alder"), ("ROLE-03", "")}


def test_several_roles_add_up() -> None:
    both = Actor("two-hats", frozenset({"ROLE-03", "ROLE-05"}), frozenset({"alder"}))
    reached = reach(both, "report.read")
    assert reached.admits(Subject("alder"))
    assert reached.admits(Subject("birch", frozenset({"two-hats"})))
    assert not reached.admits(Subject("birch"))


@pytest.mark.parametrize("action", ["report.shred", "", "report", "REPORT.READ", "report.read "])
def test_an_unknown_action_reaches_nothing(action: str) -> None:
    assert reach(SUPERVISOR, action) == CLOSED
    with pytest.raises(Rejected) as refusal:
        require(SUPERVISOR, action, Subject("alder"))
    assert refusal.value.code == "not-permitted"


@pytest.mark.parametrize("role", ["ROLE-00", "ROLE-80", "role-03", "", "*", "administrator"])
def test_an_unknown_role_reaches_nothing(role: str) -> None:
    actor = Actor("somebody", frozenset({role}), frozenset({"alder"}), "state-hotline")
    assert {action for action in ACTIONS if not reach(actor, action).closed} == set()


def test_nobody_in_particular_reaches_nothing() -> None:
    nowhere = Subject(None, frozenset({""}), "")
    for role in ROLES:
        actor = Actor("", frozenset({role}), frozenset(), "")
        reads = (f"{noun}.{read}" for noun in ("report", "investigation", "clock") for read in READS)
        assert not any(reach(actor, action).admits(nowhere) for action in reads)


def test_a_refusal_names_the_action_and_the_rule_and_has_status_403() -> None:
    """R-INT-015."""
    with pytest.raises(Rejected) as refusal:
        require(WORKER, "report.screen", Subject("alder", frozenset({"worker-1"})))
    answer = refusal.value
    assert (answer.code, answer.status, answer.rule, answer.source) == (
        "not-permitted",
        403,
        "R-INT-015",
        "003:1877",
    )
    assert "report.screen" in answer.detail


def test_a_refusal_without_a_numbered_rule_names_the_permissions() -> None:
    with pytest.raises(Rejected) as refusal:
        require(SUPERVISOR, "person.forget", Subject("alder"))
    assert refusal.value.rule == "permissions:person.forget"


def test_every_permission_has_a_source_line_and_a_purpose() -> None:
    assert len(ROLES) == 79
    for each in PERMISSIONS:
        assert re.fullmatch(r"00[013]:\d+", each.source), each
        assert each.purpose
        assert each.rule == "" or re.fullmatch(r"R-(INT|INV)-\d{3}", each.rule), each


@pytest.mark.parametrize(
    "change", [{"role": "ROLE-80"}, {"scope": "region"}, {"action": ""}, {"source": ""}], ids=lambda each: str(each)
)
def test_a_permission_that_makes_no_sense_stops_the_start(change: dict[str, str]) -> None:
    row = {"role": "ROLE-03", "action": "report.read", "scope": "county", "purpose": "", "rule": "", "source": "003:1"}
    assert len(permissions([row], ROLES)) == 1
    with pytest.raises(ValueError, match=r"permissions\.csv"):
        permissions([{**row, **change}], ROLES)
    with pytest.raises(ValueError, match="twice"):
        permissions([row, row], ROLES)


POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]
# The WHERE of a list, on a table with every column that a reach can ask for.
COUNTY, WORKER_ID, OWNER, ROLE = (
    Column("county", Text),
    Column("worker", Text),
    Column("owner", Text),
    Column("role", Text),
)


def _where(reached: Reach, *columns: Column[str]) -> str:
    statement = select(COUNTY).where(condition(reached, *columns))
    text = statement.compile(dialect=POSTGRESQL, compile_kwargs={"literal_binds": True}).string
    return re.sub(r"\s+", " ", text).partition(" WHERE ")[2].replace("false OR ", "")


def test_a_list_asks_for_what_a_get_would_admit() -> None:
    assert _where(reach(DIRECTOR, "report.list"), COUNTY, WORKER_ID) == "county IN ('alder', 'birch')"
    assert _where(reach(WORKER, "report.list"), COUNTY, WORKER_ID) == "worker = 'worker-1'"
    assert _where(reach(HOTLINE, "report.list"), COUNTY, WORKER_ID, OWNER) == "owner = 'state-hotline'"
    inbox = _where(reach(SUPERVISOR, "inbox.read"), COUNTY, WORKER_ID, OWNER, ROLE)
    unrouted, own = ("role = 'ROLE-03' AND county = ''", "role = 'ROLE-03' AND county = 'alder'")
    assert inbox == f"worker = 'supervisor-1' OR {unrouted} OR {own}"


def test_a_closed_reach_selects_no_row_and_an_open_one_every_row() -> None:
    assert _where(CLOSED, COUNTY, WORKER_ID, OWNER, ROLE) == "false"
    assert _where(reach(HOTLINE, "report.list"), COUNTY, WORKER_ID) == "false"
    assert _where(reach(ADMINISTRATOR, "webhook.read"), COUNTY) == "true"


def test_a_column_of_several_people_is_searched_for_the_one() -> None:
    team: Column[list[str]] = Column("team", ARRAY(Text))
    compiled = condition(reach(WORKER, "report.list"), COUNTY, team).compile(dialect=POSTGRESQL)
    assert "team @> CAST(" in compiled.string
    assert list(compiled.params.values()) == [["worker-1"]]


places = some.sampled_from([None, "alder", "birch"])
people = some.frozensets(some.sampled_from(["worker-1", "worker-2"]))
subjects = some.builds(Subject, places, people, some.sampled_from([None, "state-hotline"]), some.none())
actors = some.builds(
    Actor,
    some.sampled_from(["worker-1", "worker-2"]),
    some.frozensets(some.sampled_from(sorted(ROLES)), max_size=3),
    some.frozensets(some.sampled_from(["alder", "birch"])),
    some.sampled_from([None, "state-hotline"]),
)


@given(actors, subjects, some.sampled_from(sorted(ACTIONS)))
def test_more_roles_or_counties_never_take_anything_away(actor: Actor, subject: Subject, action: str) -> None:
    more = Actor(actor.id, actor.roles | {"ROLE-03"}, actor.counties | {"alder"}, actor.organisation)
    assert reach(more, action).admits(subject) >= reach(actor, action).admits(subject)


def _everywhere(role: str) -> Actor:
    return Actor("worker-1", frozenset({role}), frozenset({"alder", "birch"}), "state-hotline")
