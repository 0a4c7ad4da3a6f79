"""Request bodies, filled in well."""

from typing import Any

from tests.integration.investigation.conftest import ANNA, MOTHER

Body = dict[str, Any]
PLACE = "12 Alder Lane"
NARRATIVE = "The stove is left on at night"
UNCLE = "01890000-0000-7000-8000-0000000000c2"
PLAN = "01890000-0000-7000-8000-0000000000a3"


def contact(at: str, **change: Any) -> Body:
    return {
        "at": at,
        "personId": str(MOTHER),
        "role": "caretaker",
        "means": "face-to-face",
        "place": PLACE,
        "inHome": True,
        "private": True,
        "statements": "She was at work",
    } | change


def interview(at: str) -> Body:
    return {
        "at": at,
        "childId": str(ANNA),
        "role": "child-victim",
        "place": PLACE,
        "inHome": True,
        "private": True,
        "alone": True,
        "awayFromHome": False,
        "statements": "I cook for us",
    }


def household(at: str) -> Body:
    return {"at": at, "children": [{"childId": str(ANNA), "age": 4}], "caretakerIds": [str(MOTHER)]}


def history(at: str) -> Body:
    return {"at": at, "searched": ["state-system", "central-registry", "case-files", "background-check"]}


def safety(at: str, *yes: int) -> Body:
    return {
        "at": at,
        "stage": "initial",
        "formVersion": "2009",
        "nativeHeritage": "no",
        "factors": [
            {"number": n, "yes": n in yes} | ({"narrative": NARRATIVE, "childIds": [str(ANNA)]} if n in yes else {})
            for n in range(1, 21)
        ],
        "children": [{"childId": str(ANNA), "decision": "unsafe" if yes else "safe", "vulnerability": "She is four"}],
    }


def checklist(at: str) -> Body:
    hazards = {"fire": True, "drowning": False, "firearms": False, "poisons": False}
    child = {
        "childId": str(ANNA),
        "age": 4,
        "hazards": hazards | {"carSafety": False, "cleanliness": False},
        "note": "matches in reach",
    }
    return {"at": at, "children": [child]}


def risk(at: str, level: str = "moderate") -> Body:
    return {"at": at, "tool": "initial-risk", "level": level, "history": "moved twice"}


def findings(at: str) -> Body:
    return {"at": at, "determinations": [{"allegation": "neglect", "finding": "substantiated"}]}


def plan(at: str) -> Body:
    action = {
        "description": "The uncle stays at night",
        "immediate": True,
        "accessible": True,
        "noPromise": True,
        "responsibleId": UNCLE,
        "suitability": "near and steady",
    }
    return {
        "at": at,
        "planId": PLAN,
        "factors": [3],
        "actions": [action],
        "inEffectFrom": "2026-03-02",
        "inEffectUntil": "2026-06-02",
        "monitoring": "daily call",
        "monitorId": UNCLE,
        "monitorCapacity": "has a car",
        "childRemainsHome": True,
        "avoidsPlacement": True,
    }


def court_decision(at: str) -> Body:
    return {"at": at, "planId": PLAN, "judge": "Judge Alderson", "outcome": "declined-contact"}


def activation(at: str) -> Body:
    return {
        "at": at,
        "planId": PLAN,
        "signatures": [
            {"role": "parent", "personId": str(MOTHER), "missingReason": "refuses to sign"},
            {"role": "responsible-party", "personId": UNCLE, "signedOn": "2026-03-02"},
            {"role": "caseworker", "signedOn": "2026-03-02"},
        ],
        "copies": ["family"],
    }
