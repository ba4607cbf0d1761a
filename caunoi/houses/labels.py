"""How the words of the room are said."""

from django.utils.translation import gettext_lazy as _

from caunoi.houses.terms import (
    Grade,
    HouseState,
    Late,
    ReviewState,
    Source,
    StageKind,
    Topic,
    Way,
    Work,
)

GRADES = {Grade.TEMPORARY: _("temporary house"), Grade.DILAPIDATED: _("dilapidated house")}
WORKS = {Work.NEW: _("build anew"), Work.REPAIR: _("repair")}
STATES = {
    HouseState.PROPOSED: _("waits for the review"),
    HouseState.APPROVED: _("agreed to"),
    HouseState.DONE: _("house handed over"),
    HouseState.REFUSED: _("not agreed to"),
    HouseState.WITHDRAWN: _("left the programme"),
}
STAGES = {
    StageKind.SURVEY: _("survey"),
    StageKind.FOUNDATION: _("foundation"),
    StageKind.FRAME: _("frame and walls"),
    StageKind.ROOF: _("roof"),
    StageKind.HAND_OVER: _("handing over"),
}
SOURCES = {
    Source.FUND: _("the programme's fund"),
    Source.BUDGET: _("state budget"),
    Source.FIRM: _("firm"),
    Source.FAMILY: _("family"),
    Source.CLAN: _("clan"),
    Source.LABOUR: _("labour of the community"),
}
TOPICS = {
    Topic.NAME: _("name on the public list"),
    Topic.PHOTO: _("photos of the house shown"),
}
WAYS = {
    Way.SIGNED: _("signed on paper"),
    Way.FINGERPRINT: _("fingerprint on paper"),
    Way.SAID: _("said before a witness"),
}
REVIEW_STATES = {
    ReviewState.MET: _("meeting held"),
    ReviewState.POSTED: _("list posted"),
    ReviewState.SUBMITTED: _("waits for the commune"),
    ReviewState.APPROVED: _("approved by the commune"),
}
LATE = {Late.PLANNED: _("planned day passed"), Late.SILENT: _("no news for long")}
