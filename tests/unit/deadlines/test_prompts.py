"""What the sources advise without a number is a prompt while it is open, and never a clock."""

from deadlines.facts import counted
from deadlines.prompts import prompts
from deadlines.subjects import Scope, World
from deadlines.testing import CALENDAR, REPORT, Story, local, rules

OPEN = (
    Story()
    .told("ReportReceived", "2026-03-02 10:00", childInCustody=False)
    .told("InvestigationApproved", "2026-03-20 10:00")
)


def advised(story: Story, kind: str, id: str) -> dict[str, str]:
    scope = Scope(kind, id)
    known = World(counted(story.facts, local("2026-04-01 10:00"), local("2026-04-01 10:00"))).of(scope)
    return {
        each.rule.id: CALENDAR.local(each.since).isoformat()[:16] for each in prompts(rules(), scope, known, CALENDAR)
    }


def test_advice_comes_up_with_its_start_and_goes_when_it_is_done() -> None:
    """findings-to-youth-court.training: the source orders it and sets no time."""
    id = str(OPEN.facts[-1].data["investigationId"])
    assert advised(OPEN, "investigation", id)["findings-to-youth-court.training"] == "2026-03-20T10:00"
    told = OPEN.told("FindingsReportedToYouthCourt", "2026-03-23 09:00")
    assert "findings-to-youth-court.training" not in advised(told, "investigation", id)


def test_advice_is_no_clock() -> None:
    shown = {view.rule_id for view in OPEN.views("2026-04-01 10:00")}
    advice = {rule.id for rule in rules() if rule.enforce == "advisory"}
    assert shown
    assert not shown & advice


def test_advice_for_another_subject_is_not_this_ones() -> None:
    assert "findings-to-youth-court.training" not in advised(OPEN, "report", str(REPORT))
