"""Texts that nobody but the right reader may ever see: each is found again wherever it turns up in the clear."""

BORN, SUBSTANTIATED = "2018-11-27", "2021-10-29"
FIRST, LAST = "Zephyrine", "Quillwort"
# In lower case, as an index of names would hold them, and as PostgreSQL prints bytes.
TRACES = (FIRST.lower(), LAST.lower(), FIRST.encode().hex(), LAST.encode().hex(), BORN, SUBSTANTIATED)


def secret(about: str) -> str:
    """The secret text about this; the same words give the same text."""
    return f"{FIRST} {about} {LAST}"


def traces(text: str) -> list[str]:
    """The parts of secret texts that are found here, each with what stands around it."""
    plain = text.lower()
    found = [(trace, plain.find(trace)) for trace in TRACES]
    return [f"{trace}: {text[max(0, at - 60) : at + 80]}" for trace, at in found if at >= 0]
