"""Forgetting a person everywhere: the key is destroyed, indexes are cleared, and every place touched is reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from events import database, vault
from events.service import Service


@dataclass(frozen=True)
class Forgotten:
    """What forgetting a person did: whether a key was destroyed now, and how many stored facts it made unreadable."""

    person: UUID
    key_destroyed: bool
    facts: dict[str, int]


async def expunge(url: str, services: Sequence[Service], person: UUID, by: str) -> Forgotten:
    """Forget a person, as the owner of the schemas, in one transaction over all services of the database."""
    connection = await database.connect(url, "privacy")
    facts: dict[str, int] = {}
    try:
        async with connection.transaction():
            destroyed = await vault.forget(connection, person, by)
            for service in services:
                await connection.execute(f"set local search_path = {service.schema}")
                await service.forget(connection, person)
                facts[service.name] = await connection.fetchval(
                    "select count(*) from events where jsonb_path_exists(data, '$.**.person ? (@ == $person)', $1)",
                    {"person": str(person)},
                )
    finally:
        await connection.close()
    return Forgotten(person, destroyed, facts)
