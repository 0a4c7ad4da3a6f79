"""Keys of persons: seals private values under each person's own key, wrapped by the master key; forgets by destroying it.

A data key is 256-bit AES-GCM, a wrapped key is RFC 3394. Rotating the master key rewraps data keys and rewrites no event.
The installation has one key of its own, for the search index and for secrets such as those of webhooks.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from events.decider import Rejected
from events.ids import derived
from events.key_file import write_once
from events.private import Private, map_privates, privates

M = TypeVar("M")
INSTALLATION = derived("installation-key")

FETCH = """
with added as (
  insert into privacy.person_keys (person, wrapped, master)
  select * from unnest($1::uuid[], $2::bytea[], $3::text[]) on conflict (person) do nothing
  returning person, wrapped, master)
select person, wrapped, master from added
union all select person, wrapped, master from privacy.person_keys where person = any($1::uuid[])
"""
READ = "select person, wrapped, master from privacy.person_keys where person = any($1::uuid[]) and wrapped is not null"


class MasterKeyMissing(ValueError):
    """A key in the database was wrapped by a master key that is not configured."""


@dataclass(frozen=True)
class MasterKeys:
    """The master keys by id; the first one wraps, all of them unwrap."""

    keys: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "MasterKeys":
        """From base64 keys of 32 bytes, newest first, separated by commas or lines. Raises ValueError."""
        keys = [base64.b64decode(part, validate=True) for part in text.replace("\n", ",").split(",") if part.strip()]
        if not keys or any(len(key) != 32 for key in keys):
            raise ValueError("a master key is the base64 text of exactly 32 bytes")
        return cls({hashlib.sha256(key).hexdigest()[:12]: key for key in keys})

    @classmethod
    def of_file(cls, path: Path, *, generate: bool = False) -> "MasterKeys":
        """From a file, generated for the first local start when asked. Raises OSError or ValueError."""
        if generate and not path.exists():
            write_once(path, base64.b64encode(os.urandom(32)) + b"\n")
        return cls.parse(path.read_text())

    def wrap(self, key: bytes) -> tuple[bytes, str]:
        """The key wrapped by the newest master key, and that master key's id."""
        master = next(iter(self.keys))
        return aes_key_wrap(self.keys[master], key), master

    def unwrap(self, wrapped: bytes, master: str) -> bytes:
        """The key again. Raises MasterKeyMissing when its master key is not at hand or does not fit."""
        try:
            return aes_key_unwrap(self.keys[master], wrapped)
        except (KeyError, InvalidUnwrap):
            raise MasterKeyMissing(f"no configured master key opens keys of master {master}") from None


class Vault:
    """Seals, opens and forgets. Every read asks the database for the key, so that forgetting takes effect at once."""

    def __init__(self, masters: MasterKeys) -> None:
        self.masters = masters
        self._installation = b""

    async def start(self, connection: Any) -> None:
        """Fetch (or make) the key of the installation."""
        self._installation = (await self.keys_for(connection, [INSTALLATION]))[INSTALLATION]

    async def keys_for(self, connection: Any, persons: Iterable[UUID]) -> dict[UUID, bytes]:
        """The data keys of persons, made where there are none. Raises Rejected when one was forgotten."""
        people = sorted(set(persons))
        wrapped = [self.masters.wrap(AESGCM.generate_key(256)) for _ in people]
        rows = await connection.fetch(FETCH, people, [key for key, _ in wrapped], [master for _, master in wrapped])
        if len({row["person"] for row in rows}) < len(people):  # made by another transaction meanwhile
            return await self.keys_for(connection, people)
        if gone := [row["person"] for row in rows if row["wrapped"] is None]:
            raise Rejected(
                "person-forgotten", f"person {gone[0]} was forgotten and takes no new private values", status=410
            )
        return {row["person"]: self.masters.unwrap(row["wrapped"], row["master"]) for row in rows}

    async def seal(self, connection: Any, models: Sequence[M]) -> list[M]:
        """The same models with every private value sealed. One round trip, none when nothing is private."""
        persons = {private.person for private in privates(list(models)) if private.value is not None}
        if not persons:
            return list(models)
        keys = await self.keys_for(connection, persons)
        return [map_privates(model, lambda private: _seal(private, keys)) for model in models]

    async def open(self, connection: Any, models: Sequence[M]) -> list[M]:
        """The same models with every private value in the clear, or erased where the person was forgotten."""
        persons = {private.person for private in privates(list(models)) if private.sealed is not None}
        rows = await connection.fetch(READ, list(persons)) if persons else []
        keys = {row["person"]: self.masters.unwrap(row["wrapped"], row["master"]) for row in rows}
        return [map_privates(model, lambda private: _open(private, keys)) for model in models]

    def token(self, text: str) -> bytes:
        """A keyed digest of `text`: equal texts give equal tokens, and nothing else can be learned from one."""
        return hmac.digest(self._installation, text.encode(), "sha256")

    def wrap(self, secret: bytes) -> str:
        """A secret of the installation, encrypted for storage."""
        nonce = os.urandom(12)
        return base64.b64encode(nonce + AESGCM(self._installation).encrypt(nonce, secret, b"secret")).decode()

    def unwrap(self, stored: str) -> bytes:
        """The secret again. Raises InvalidTag when it was tampered with."""
        raw = base64.b64decode(stored)
        return AESGCM(self._installation).decrypt(raw[:12], raw[12:], b"secret")


def _seal(private: Private[str], keys: Mapping[UUID, bytes]) -> Private[str]:
    if private.value is None:
        return private
    nonce = os.urandom(12)
    cipher = AESGCM(keys[private.person]).encrypt(nonce, private.value.encode(), private.person.bytes)
    return Private(private.person, sealed=base64.b64encode(nonce + cipher).decode())


def _open(private: Private[str], keys: Mapping[UUID, bytes]) -> Private[str]:
    if private.sealed is None:
        return private
    if private.person not in keys:
        return Private(private.person)
    try:
        raw = base64.b64decode(private.sealed, validate=True)
        clear = AESGCM(keys[private.person]).decrypt(raw[:12], raw[12:], private.person.bytes)
    except (InvalidTag, ValueError):
        raise ValueError(f"a private value of person {private.person} was altered in storage") from None
    return Private(private.person, value=clear.decode())


async def forget(connection: Any, person: UUID, by: str) -> bool:
    """Destroy the key of a person, as the owner of the schema. False when it was forgotten before or never known."""
    done = await connection.execute(
        "update privacy.person_keys set wrapped = null, forgotten_at = now(), forgotten_by = $2"
        " where person = $1 and wrapped is not null",
        person,
        by,
    )
    return bool(done.endswith("1"))


async def rotate(connection: Any, masters: MasterKeys) -> int:
    """Rewrap every data key that an older master key wraps, as the owner of the schema. Returns how many."""
    newest = next(iter(masters.keys))
    rows = await connection.fetch(
        "select person, wrapped, master from privacy.person_keys where wrapped is not null and master <> $1", newest
    )
    for row in rows:
        wrapped, master = masters.wrap(masters.unwrap(row["wrapped"], row["master"]))
        await connection.execute(
            "update privacy.person_keys set wrapped = $2, master = $3 where person = $1 and wrapped is not null",
            row["person"],
            wrapped,
            master,
        )
    return len(rows)
