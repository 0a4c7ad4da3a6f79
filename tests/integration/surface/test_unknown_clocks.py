"""Clocks without a due time are shown page by page, each with its reasons."""

import httpx
import pytest
from tests.integration.surface.stage import ALMIGHTY, Stage


@pytest.mark.parametrize("stage", ["deadlines"], indirect=True)
async def test_the_clocks_without_a_due_time_come_subject_by_subject(stage: Stage, http: httpx.AsyncClient) -> None:
    """Architecture, deadlines: a tolerance that the agency has not set leaves a clock unknown, never met or missed."""
    pages: list[list[dict[str, str]]] = []
    cursor = ""
    while not pages or cursor:
        answer = await http.get(f"/deadlines/clocks/unknown?limit=1{cursor}", headers=stage.as_(ALMIGHTY))
        page = answer.json()
        pages.append(page["items"])
        cursor = f"&cursor={page['next']}" if page["next"] else ""
    subjects = [{each["scope"] for each in items} for items in pages]
    assert len(subjects) > 1
    assert all(len(scopes) == 1 for scopes in subjects)
    assert sorted(subjects, key=min) == subjects
    assert all(each["reasons"] for items in pages for each in items)
