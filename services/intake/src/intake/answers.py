"""The four screening questions, and the criteria form of custody reports."""

from collections.abc import Sequence
from dataclasses import dataclass

from events.private import Private
from intake.content import Part
from intake.vocabulary import Danger, Use


class ScreeningAnswers(Part):
    """The supervisor's answers to the four screening questions."""

    family_can_be_found: bool
    perpetrator_is_parent: bool
    meets_definition: bool
    imminent_danger: Danger


class CriterionAnswer(Part):
    """The answer to one item of the criteria form."""

    item: str
    answer: Private[str]


@dataclass(frozen=True)
class CompletedForm:
    """A criteria form as it was completed: which version, for which decisions, which items."""

    version: str
    uses: frozenset[Use]
    items: frozenset[str]


@dataclass(frozen=True)
class StandardForm:
    """The agency's one criteria form: its current version and items. Until it is loaded, any completed form counts."""

    version: str | None = None
    items: frozenset[str] = frozenset()

    def completed(self, forms: Sequence[CompletedForm], use: Use) -> CompletedForm | None:
        """The latest of `forms` that answers every item of the current version for `use`."""
        return next((form for form in reversed(forms) if use in form.uses and self._answered(form)), None)

    def _answered(self, form: CompletedForm) -> bool:
        return form.version == (self.version or form.version) and bool(form.items) and form.items >= self.items
