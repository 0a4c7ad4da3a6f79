"""The words a report may use, spelled as the vocabulary of public events spells them."""

from typing import Literal

Channel = Literal["phone", "in-person", "in-writing"]
ReporterType = Literal["mandated", "other", "anonymous"]
Role = Literal["complainant", "victim", "alleged-perpetrator", "household-member"]
Allegation = Literal["abuse", "neglect", "exploitation", "sexual-abuse", "corporal-punishment"]
FelonyGround = Literal["none", "burning-or-torture", "serious-injury", "sexual-abuse", "other-felony"]
Setting = Literal["own-home", "resource-home", "therapeutic-foster-home", "congregate-facility", "other", "not-known"]
Known = Literal["yes", "no", "not-known"]
Tribal = Literal["yes", "no", "not-yet-known"]
Danger = Literal["yes", "no", "cannot-be-determined"]
ResponseTime = Literal["immediate", "24-hours", "72-hours"]
Level = Literal["1", "2", "3"]
Decision = Literal["screened-in", "screened-out"]
Use = Literal["screening", "priority", "assessment"]
Condition = Literal[
    "young-or-handicapped-child", "family-may-flee", "recent-substantiated-report", "child-in-custody", "present-danger"
]
Suspicion = Literal["maltreatment", "corporal-punishment"]
Assigner = Literal["supervisor", "regional-director"]
Entry = Literal[
    "call-time",
    "channel",
    "county",
    "complainant",
    "allegation-summary",
    "victims",
    "victim-ages",
    "allegations",
    "felony-ground",
    "alleged-perpetrators",
    "household",
    "relationships",
    "locations",
    "setting",
    "resource-home",
    "facility",
    "child-in-custody",
    "extent",
    "vulnerability",
    "child-whereabouts",
    "perpetrator-whereabouts",
    "present-danger",
    "tribal-membership",
]
