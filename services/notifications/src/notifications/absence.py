"""Who is told in place of a member of staff who has left or is absent: the substitute, else the supervisors' role."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from notifications.content import SUPERVISOR, Recipient

STEPS = 3  # how many substitutes in turn are asked at most


@dataclass(frozen=True)
class Standing:
    """Whether somebody can be told, as the directory says; both days are included."""

    active: bool = True
    absent_from: date | None = None
    absent_until: date | None = None
    substitute_id: str | None = None

    def absent(self, on: date) -> bool:
        """Whether this is a day of the absence."""
        return self.absent_from is not None and self.absent_from <= on <= (self.absent_until or date.max)


PRESENT = Standing()


@dataclass(frozen=True)
class Staff:
    """Those whom some facts concern, and their substitutes. Who is not in the directory counts as present."""

    today: date
    known: Mapping[str, Standing]

    def told(self, person: str | None) -> list[Recipient]:
        """This person, and while they are absent whoever stands in; for nobody, or who has left, the supervisors."""
        if person is None or not self._standing(person).active:
            return [Recipient(role=SUPERVISOR)]
        own = Recipient(staff_id=person)
        return [own, self._stand_in(person)] if self._absent(person) else [own]

    def _stand_in(self, person: str) -> Recipient:
        asked, substitute = {person}, self._standing(person).substitute_id
        for _ in range(STEPS):
            if substitute is None or substitute in asked or not self._standing(substitute).active:
                break
            if not self._absent(substitute):
                return Recipient(staff_id=substitute, on_behalf_of=(person,))
            asked.add(substitute)
            substitute = self._standing(substitute).substitute_id
        return Recipient(role=SUPERVISOR, on_behalf_of=(person,))

    def _standing(self, person: str) -> Standing:
        return self.known.get(person, PRESENT)

    def _absent(self, person: str) -> bool:
        return self._standing(person).absent(self.today)
