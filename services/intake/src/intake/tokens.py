"""The blind index: names become keyed digests before anything is stored, so that a search finds equal ones and reads none."""

import re
import unicodedata
from collections.abc import Callable

from intake.content import Person

Token = Callable[[str], bytes]
INDEXED = {"victim", "alleged-perpetrator", "household-member"}


def normalised(name: str) -> str:
    """The name without case, accents, punctuation and order: `Ané O'Neil` and `ONEIL, Ane` are the same."""
    plain = unicodedata.normalize("NFKD", name.casefold()).replace("'", "").replace("’", "")
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    return " ".join(sorted(re.findall(r"\w+", letters)))


def with_tokens(person: Person, token: Token) -> Person:
    """The person with the tokens of name and birth date. Whoever only reported gets none."""
    if not INDEXED & set(person.roles) or not person.name or not (name := normalised(person.name.value or "")):
        return person
    born = person.birth_date.value if person.birth_date else None
    return person.model_copy(
        update={
            "name_token": token(f"name:{name}").hex(),
            "birth_token": token(f"birth:{born}").hex() if born else None,
        }
    )
