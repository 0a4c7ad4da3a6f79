"""Who works in the county of the stories, entered in the directory."""

from tests.system.installation import Installation

from hearthline.county import staff

HOTLINE, SUPERVISOR, WORKER, SECOND = "hal-hotline", "sam-supervisor", "wilma-worker", "walter-worker"
REGIONAL, ADMINISTRATOR = "rita-regional", "ada-administrator"


async def enter_staff(county: Installation) -> None:
    """Everybody is in the directory, with an address."""
    for each in staff().values():
        entry = {
            "name": each.name,
            "email": each.email,
            "roles": each.roles,
            "counties": each.counties,
            "supervisorId": each.supervisor,
        }
        await county.done(ADMINISTRATOR, "PUT", f"/notifications/directory/{each.id}", entry)


async def register(county: Installation, url: str, *types: str) -> str:
    """Another system takes these types; returns its secret."""
    body = {"url": url, "types": types, "counties": ["Alder"], "organisation": "courts"}
    path = "/notifications/webhooks/01890000-0000-7000-8000-00000000beef"
    secret: str = (await county.done(ADMINISTRATOR, "PUT", path, body))["secret"]
    return secret


async def inbox(county: Installation, person: str) -> list[dict[str, str]]:
    """All notices of a person, the oldest first."""
    page = await county.done(person, "GET", "/notifications/inbox?limit=100")
    assert page["next"] is None
    notices: list[dict[str, str]] = page["items"]
    return notices[::-1]
