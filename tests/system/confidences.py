"""Texts that nobody but the right reader may ever see: each is found again wherever it turns up in the clear."""

import zlib

_given: dict[str, str] = {}
BORN, SUBSTANTIATED = "2018-11-27", "2021-10-29"


def secret(about: str) -> str:
    """The secret text about this; the same words give the same text."""
    return _given.setdefault(about, f"Zephyrine {zlib.crc32(about.encode()):08x} Quillwort")


def secrets() -> list[str]:
    """Every secret told so far, in parts that survive wrapping, escaping and other spelling."""
    words = {word for text in _given.values() for word in text.split() if word != "Zephyrine"}
    return sorted(words | {"Zephyrine", "zephyrine", BORN, SUBSTANTIATED})
