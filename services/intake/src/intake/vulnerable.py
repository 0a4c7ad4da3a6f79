"""Whether a child of the report is under two or has a handicapping condition, concluded while the entries are in the clear."""

from datetime import date

from intake.content import Content, Person


def young_or_handicapped(entered: Content, known: bool | None, on: date) -> bool | None:
    """What the new entries show; without a sign and without both answers, what was known before.

    Kept as one answer, so that a stored report does not tell which of the two holds.
    """
    handicapped = entered.handicapping_condition is not None and entered.handicapping_condition.value == "yes"
    if handicapped or entered.child_under_two == "yes" or any(_under_two(v, on) for v in entered.in_role("victim")):
        return True
    if entered.child_under_two and entered.handicapping_condition:
        return False
    return known


def _under_two(victim: Person, on: date) -> bool:
    if victim.birth_date and victim.birth_date.value:
        born = date.fromisoformat(victim.birth_date.value)
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day)) < 2
    return bool(victim.age and victim.age.value in ("0", "1"))
