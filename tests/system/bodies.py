"""Request bodies with every private field filled in."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tests.system.confidences import BORN, SUBSTANTIATED, secret

from events.ids import derived

Body = dict[str, Any]
REPORT_TEXTS = (
    *("allegationSummary", "locations", "extent", "vulnerability", "childWhereabouts", "perpetratorWhereabouts"),
    *("presentDangerDescription", "adultFunctioning", "childFunctioning", "parenting", "discipline", "earlierServices"),
)


def person(name: str) -> UUID:
    """The id of a person of the story."""
    return derived("system-person", name)


def report_id(name: str) -> UUID:
    """The id of a report of the story."""
    return derived("system-report", name)


def investigation_id(name: str) -> UUID:
    """The id of the investigation that this report opens."""
    return derived("investigation", report_id(name))


def told(about: str, *fields: str) -> Body:
    """These fields, each with a secret of its own."""
    return {field: secret(f"{about} {field}") for field in fields}


def entered(name: str, received_at: datetime, **change: Any) -> Body:
    """A report about one child of a family of this name."""
    child = {
        "personId": str(person(f"{name} child")),
        "roles": ["victim", "household-member"],
        "birthDate": BORN,
        "age": 7,
        "allegations": ["neglect"],
        **told(f"{name} child", "name", "relationship", "contact"),
    }
    parent = {
        "personId": str(person(f"{name} parent")),
        "roles": ["alleged-perpetrator", "household-member"],
        "age": 34,
        **told(f"{name} parent", "name", "relationship", "contact"),
    }
    caller = {
        "personId": str(person(f"{name} caller")),
        "roles": ["complainant"],
        **told(f"{name} caller", "name", "contact"),
    }
    return {
        "receivedAt": received_at.isoformat(),
        "channel": "phone",
        "county": "Alder",
        "reporterType": "other",
        "people": [child, parent, caller],
        "felonyGround": "none",
        "setting": "own-home",
        "childInCustody": "no",
        "presentDanger": "yes",
        "handicappingCondition": "no",
        "tribalMembership": "no",
        **told(name, *REPORT_TEXTS),
    } | change


def search(name: str) -> Body:
    earlier = {"reportId": str(report_id(f"{name} earlier")), "substantiatedOn": SUBSTANTIATED}
    return {"family": True, "children": [str(person(f"{name} child"))], "alsoFound": [earlier]}


def answers(danger: str = "yes", found: bool = True) -> Body:
    return {
        "familyCanBeFound": found,
        "perpetratorIsParent": found,
        "meetsDefinition": found,
        "imminentDanger": danger,
    }


def screened(name: str, decision: str = "screened-in", **change: Any) -> Body:
    needs = {"immediateResponseNeeded": True, "lawEnforcementReferralNeeded": False}
    return {"decision": decision, "agrees": True, **needs, **told(f"{name} screening", "reason", "referredTo")} | change


def criteria(name: str) -> Body:
    answer = {"item": "1", **told(f"{name} criteria", "answer")}
    return {"version": "1", "uses": ["screening", "priority"], "answers": [answer]}


def police_call(name: str, at: datetime) -> Body:
    return {"agency": "Alder County Sheriff", "calledAt": at.isoformat(), **told(f"{name} police", "place", "told")}


def assigned(worker: str, at: datetime) -> Body:
    return {"workerId": worker, "staffedAt": at.isoformat()}


def household(name: str, at: datetime) -> Body:
    child = {"childId": str(person(f"{name} child")), "age": 4}
    return {"at": at.isoformat(), "children": [child], "caretakerIds": [str(person(f"{name} parent"))]}


def contact(name: str, at: datetime) -> Body:
    return {
        "at": at.isoformat(),
        "personId": str(person(f"{name} parent")),
        "role": "caretaker",
        "means": "face-to-face",
        "inHome": True,
        "private": True,
        **told(f"{name} contact", "place", "observations", "statements"),
    }


def interview(name: str, at: datetime, held: str = "interviewed") -> Body:
    return {
        "at": at.isoformat(),
        "childId": str(person(f"{name} child")),
        "role": "child-victim",
        "held": held,
        "inHome": True,
        "private": True,
        "alone": True,
        "awayFromHome": False,
        **told(f"{name} interview", "place", "observations", "statements", "observedReason"),
    }


def history(name: str, at: datetime) -> Body:
    texts = ("backgroundNotApplicable", "criminalFindings", "earlierMaltreatment", "priorServices")
    more = ("effectOfServices", "viewOfServices", "viewOfChange")
    return {"at": at.isoformat(), "searched": ["state-system"], **told(f"{name} history", *texts, *more)}


def safety(name: str, at: datetime) -> Body:
    """Form 442B with factor 4 found."""
    child, parent = str(person(f"{name} child")), str(person(f"{name} parent"))
    factors: list[Body] = [{"number": number, "yes": False} for number in range(1, 21)]
    factors[3] = {"number": 4, "yes": True, "childIds": [child], **told(f"{name} factor", "narrative")}
    texts = ("extent", "circumstances", "adultFunctioning", "childFunctioning", "parenting", "discipline")
    danger = {"decision": "unsafe", "threat": "present", **told(f"{name} safety", "vulnerability")}
    return {
        "at": at.isoformat(),
        "stage": "initial",
        "formVersion": "442B-2009",
        "factors": factors,
        "nativeHeritage": "no",
        "children": [{"childId": child, **danger}],
        "caregivers": [{"personId": parent, **told(f"{name} caregiver", "described")}],
        **told(f"{name} 442B", *texts, "protectionCapacity"),
    }


def checklist(name: str, at: datetime) -> Body:
    hazards = dict.fromkeys(("fire", "drowning", "firearms", "poisons", "carSafety", "cleanliness"), False)
    child = {"childId": str(person(f"{name} child")), "age": 4, "hazards": hazards}
    return {"at": at.isoformat(), "children": [child | told(f"{name} checklist", "note")]}


def risk(name: str, at: datetime) -> Body:
    texts = ("strengthsAndNeeds", "history", "familyConnections", "stressors", "caretakerFunctioning")
    more = ("healthConcerns", "schoolFunctioning")
    return {"at": at.isoformat(), "tool": "initial-risk", "level": "medium", **told(f"{name} risk", *texts, *more)}


def findings(name: str, at: datetime) -> Body:
    texts = ("contacts", "observations", "statements", "collateralContacts", "otherConcerns")
    determined = {"allegation": "neglect", "finding": "substantiated", **told(f"{name} finding", "evidence")}
    return {"at": at.isoformat(), "determinations": [determined], **told(f"{name} findings", *texts)}


def plan(name: str, at: datetime) -> Body:
    aunt = str(person(f"{name} aunt"))
    sure = {"immediate": True, "accessible": True, "noPromise": True}
    action = {"responsibleId": aunt, **sure, **told(f"{name} action", "description", "suitability")}
    return {
        "at": at.isoformat(),
        "planId": str(derived("system-plan", name)),
        "factors": [4],
        "actions": [action],
        "inEffectFrom": at.date().isoformat(),
        "inEffectUntil": (at + timedelta(days=60)).date().isoformat(),
        "monitorId": aunt,
        "childRemainsHome": True,
        "avoidsPlacement": True,
        **told(f"{name} plan", "monitoring", "monitorCapacity", "lessIntrusiveReason"),
    }


def court(name: str, at: datetime) -> Body:
    plan_id = str(derived("system-plan", name))
    return {"at": at.isoformat(), "planId": plan_id, "outcome": "approved", **told(f"{name} court", "judge", "note")}


def activation(name: str, at: datetime) -> Body:
    aunt, parent, today = str(person(f"{name} aunt")), str(person(f"{name} parent")), at.date().isoformat()
    return {
        "at": at.isoformat(),
        "planId": str(derived("system-plan", name)),
        "signatures": [
            {"role": "parent", "personId": parent, **told(f"{name} signature", "missingReason")},
            {"role": "responsible-party", "personId": aunt, "signedOn": today},
            {"role": "caseworker", "signedOn": today},
        ],
        "copies": ["family", "case-record"],
    }


def submission(name: str) -> Body:
    texts = ("evidence", "futureMaltreatment", "protectiveFactors", "recommendations", "correctiveActions")
    return {"disposition": "substantiated", **told(f"{name} submission", *texts)}


def approval(name: str) -> Body:
    texts = told(f"{name} approval", "mediumConsidered", "noServicesReason")
    return {"caseOpens": True, "basis": "safety-factors", "services": ["concrete"], **texts}


def reason(about: str) -> Body:
    return told(about, "reason")
