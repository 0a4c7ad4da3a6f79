"""One thing that is wrong with a pack: where it stands, in which rule, what it is and why it cannot stay."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """`rule` is the id of the rule, or `pack` for what concerns the whole file."""

    file: str
    line: int
    rule: str
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.what}: {self.why}"


@dataclass(frozen=True, slots=True)
class Complaint:
    """A finding before its line is known: the key of the rule that it is about (empty: the rule itself)."""

    key: str
    what: str
    why: str
