"""A scripted day of the county and the two that follow: four families at once, with nothing left to chance."""

import asyncio
from datetime import timedelta

from tests.system import bodies, course
from tests.system.installation import MONDAY, Installation
from tests.system.staff import SECOND, SUPERVISOR, WORKER, enter_staff, register

EVERYTHING = ("deadlines.*", "intake.*", "investigation.*")


async def play(county: Installation, url: str) -> None:
    """Ash and Elm are investigated at once, Oak is found on a desk after thirty hours, Yew is forgotten there."""
    await enter_staff(county)
    await register(county, url, *EVERYTHING)
    await asyncio.gather(
        _at_once(county, "ash", WORKER),
        _at_once(county, "elm", SECOND),
        course.report(county, "oak", presentDanger="no"),
        course.report(county, "yew", felonyGround="serious-injury"),
    )
    await county.until(MONDAY + timedelta(hours=3))
    await asyncio.gather(
        course.visit(county, WORKER, "ash"), course.visit(county, SECOND, "elm"), _call_the_police(county, "yew")
    )
    await county.until(MONDAY + timedelta(hours=5))
    await asyncio.gather(course.assess(county, WORKER, "ash"), course.assess(county, SECOND, "elm"))
    await county.until(MONDAY + timedelta(hours=5, minutes=30))
    await course.protect(county, WORKER, "ash")
    await county.until(MONDAY + timedelta(hours=30))
    await asyncio.gather(
        course.screen_in(county, "oak", SECOND, "cannot-be-determined"), course.conclude(county, WORKER, "ash")
    )
    await county.until(MONDAY + timedelta(hours=50))
    await asyncio.gather(course.visit(county, SECOND, "oak"), course.protect(county, SECOND, "elm"))
    await county.until(MONDAY + timedelta(hours=73))


async def _at_once(county: Installation, name: str, worker: str) -> None:
    await course.report(county, name)
    await course.screen_in(county, name, worker)


async def _call_the_police(county: Installation, name: str) -> None:
    await course.intake(county, SUPERVISOR, name, "police-call", bodies.police_call(name, county.clock.now()))
