"""What is sent and what comes back. Times are UTC with a zone; a unit is named by the word in its address."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Path, Schema
from pydantic import AwareDatetime, Field, StringConstraints

from caunoi.cases.terms import Kind, State

PLAIN = r"^[^\x00]*$"
SAYS = r"^[^\x00]*[^\s\x00][^\x00]*$"
"""With at least one letter."""
NUMBER = r"^[A-ZĐ0-9]{1,4}-[0-9]{4}-[0-9]{6,7}$"
SLUG = r"^[a-z0-9-]{1,140}$"

CaseNumber = Annotated[str, Path(pattern=NUMBER, max_length=20, examples=["NA-2026-000123"])]
UnitSlug = Annotated[str, StringConstraints(pattern=SLUG, max_length=140)]
Text = Annotated[str, StringConstraints(pattern=SAYS, min_length=1, max_length=10_000)]
Reason = Annotated[str, StringConstraints(pattern=SAYS, min_length=1, max_length=300)]
Line = Annotated[str, StringConstraints(pattern=PLAIN, max_length=120)]
Place = Annotated[str, StringConstraints(pattern=PLAIN, max_length=160)]
Topic = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{0,40}$", max_length=40)]
Words = Annotated[str, StringConstraints(pattern=PLAIN, max_length=150)]
Id = Annotated[int, Path(ge=1, le=2**53)]
Page = Annotated[int, Field(ge=1, le=200)]
AccountId = Annotated[int, Field(ge=1, le=2**53)]


class UnitOut(Schema):
    """A unit as it is called today."""

    slug: str
    name: str


class PersonOut(Schema):
    """A colleague."""

    id: int
    name: str


class CaseOut(Schema):
    """One case as a list shows it."""

    number: str
    title: str
    state: State
    kind: Kind
    topic: str
    origin: str
    is_public: bool
    unit: UnitOut
    place: str
    assignee: PersonOut | None
    opened_at: datetime
    due_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    snoozed_until: datetime | None


class StepOut(Schema):
    """One thing that happened."""

    kind: str
    at: datetime
    by: str
    unit: str
    to: str
    note: str
    is_public: bool = False


class HopOut(Schema):
    """One handing-on: to whom, by when, and how it ended."""

    id: int
    part: str
    way: str
    to: str
    reason: str
    sent_at: datetime
    received_at: datetime | None
    due_at: datetime | None
    done_at: datetime | None
    outcome: str
    opinion: str


def hop_out(hop: Any) -> dict[str, Any]:
    """Return one hop as it is written down."""
    same = (
        "part", "way", "reason", "sent_at", "received_at", "due_at", "done_at", "outcome", "opinion",
    )  # fmt: skip
    return {"id": hop.pk, "to": hop.to_name, **{name: getattr(hop, name) for name in same}}


class DraftOut(Schema):
    """The answer being written; ``version`` is also the ETag."""

    text: str
    agency: str
    state: str
    author: PersonOut | None
    saved_at: datetime
    returned_because: str
    version: str


class CaseFullOut(CaseOut):
    """One case with what happened to it. The asker's contact is never here."""

    text: str
    asker_name: str
    reopened_at: datetime | None
    steps: list[StepOut]
    referrals: list[HopOut]
    draft: DraftOut | None
    joined_into: str | None
    waiting_here: list[str]
    address: str


class TimelineOut(Schema):
    """Steps and hops of a case."""

    number: str
    steps: list[StepOut]
    referrals: list[HopOut]


class MovedOut(Schema):
    """Where a case lies now; not a word of it, the key may see it no more."""

    number: str
    unit: UnitOut


class CasePageOut(Schema):
    """One page of a list."""

    items: list[CaseOut]
    page: int
    size: int
    total: int
    total_is_more: bool
    next: int | None


class RecallOut(CaseOut):
    """A case, and how to take back what was just done: until then by ``/inbox/recalls/{recall}/take-back``."""

    recall: UUID | None
    until: datetime | None


class OpenedOut(CaseOut):
    """A case that was just opened, with the code its asker follows it by."""

    follow_code: str
    address: str


class OpenIn(Schema):
    """A question somebody asked elsewhere."""

    unit: UnitSlug
    text: Text
    origin: Literal["walk_in", "web_form"] = "walk_in"
    asker_name: Line = ""
    contact: Line = ""
    place: Place = ""
    topic: Topic = ""
    is_public: bool = True


class NoteIn(Schema):
    """A word for colleagues, and whom it names."""

    text: Annotated[str, StringConstraints(pattern=SAYS, min_length=1, max_length=4000)]
    mention: Annotated[list[AccountId], Field(max_length=20)] = []


class AssigneeIn(Schema):
    """Who works on it; null gives it back."""

    account: AccountId | None


class StarIn(Schema):
    """Whether the key's account has marked it."""

    on: bool


class SnoozeIn(Schema):
    """Until when it is laid aside; null takes it up again."""

    until: AwareDatetime | None


class TopicIn(Schema):
    """What the case is about; empty takes the topic away."""

    topic: Topic


class KindIn(Schema):
    """What the case is, and why it is that."""

    kind: Kind
    reason: Annotated[str, StringConstraints(pattern=SAYS, min_length=1, max_length=1000)]
    is_public: bool = False


class ReferIn(Schema):
    """To whom it goes: a unit (down, up, across) or a body outside; to take it over, or for its opinion."""

    to_unit: UnitSlug | None = None
    to_body: UUID | None = None
    part: Literal["lead", "co"] = "lead"
    reason: Annotated[str, StringConstraints(pattern=SAYS, min_length=1, max_length=1000)]
    due: date | None = None
    by_mail: bool = True


class ReasonIn(Schema):
    """Why."""

    reason: Annotated[str, StringConstraints(pattern=SAYS, min_length=1, max_length=300)]


class DraftIn(Schema):
    """The answer as far as it is written."""

    text: Text
    agency: Place = ""


class MarkOut(Schema):
    """A piece that is proposed, or decided, to be hidden. ``key`` is what approving takes."""

    key: str
    kind: str
    words: str
    hidden: bool


class ReviewOut(Schema):
    """Question and answer as everybody will read them. Approving repeats ``prints``."""

    prints: str
    question: str
    answer: str
    marks: list[MarkOut]
    must_decide: bool


class ApproveIn(Schema):
    """What is hidden from the public: the keys of the review, and more words, one a line."""

    prints: Annotated[str, StringConstraints(pattern=PLAIN, max_length=100)] = ""
    hide: Annotated[
        list[Annotated[str, StringConstraints(pattern=PLAIN, max_length=80)]],
        Field(max_length=500),
    ] = []
    more: Annotated[str, StringConstraints(pattern=PLAIN, max_length=2000)] = ""


class ApproveSoonIn(ApproveIn):
    """The same; ``soon`` waits the account's ten seconds or more, as on the desk, in which it can be taken back."""

    soon: bool = False


class RedactIn(Schema):
    """What is hidden from the public: the keys of the review, and more words, one a line."""

    hide: Annotated[
        list[Annotated[str, StringConstraints(pattern=PLAIN, max_length=80)]],
        Field(max_length=500),
    ] = []
    more: Annotated[str, StringConstraints(pattern=PLAIN, max_length=2000)] = ""


class PreviewOut(Schema):
    """One place an answer goes to, as it would stand there: its parts, how long they may be, until when the place is open."""

    kind: str
    channel: str
    parts: list[str]
    length: int
    limit: int | None
    open: bool
    open_until: datetime | None
    is_free: bool


class JoinIn(Schema):
    """With which case of another asker it is answered."""

    into: Annotated[str, StringConstraints(pattern=NUMBER, max_length=20)]


class AnswerOut(Schema):
    """One published answer, personal data masked."""

    number: str
    title: str
    question: str
    answer: str
    agency: str
    topic: str
    unit: UnitOut
    standing: str
    published_at: datetime
    valid_from: date | None
    valid_until: date | None
    law_changed_at: datetime | None
    law_note: str
    corrected_at: datetime | None
    correction: str
    address: str


class AnswerPageOut(Schema):
    """One page of the library."""

    items: list[AnswerOut]
    page: int
    size: int
    next: int | None


class CorrectIn(Schema):
    """A better text, and why; everybody reads both."""

    answer: Text
    why: Reason


class ValidityIn(Schema):
    """From and until which day the answer holds; null leaves a side open."""

    valid_from: date | None
    valid_until: date | None


class LawIn(Schema):
    """Which law changed; null takes the mark away."""

    note: Reason | None


class WhyIn(Schema):
    """Why; everybody reads it."""

    why: Reason


class UnitFoundOut(Schema):
    """One unit of a search."""

    slug: str
    code: str
    name: str
    level: str
    within: str
    alive: bool


class TopicOut(Schema):
    """One topic."""

    code: str
    name: str


class BodyOut(Schema):
    """One agency that may be asked."""

    id: UUID
    name: str
    kind: str
    unit: UnitOut


class MeOut(Schema):
    """The key itself, and what it opens today."""

    key: str
    name: str
    account: str
    unit: UnitOut
    scopes: list[str]
    ends_on: date


class EndpointIn(Schema):
    """An address to be told."""

    unit: UnitSlug
    name: Annotated[str, StringConstraints(pattern=SAYS, min_length=1, max_length=80)]
    url: Annotated[str, StringConstraints(pattern=r"^https?://[!-~]+$", max_length=500)]
    events: Annotated[list[str], Field(min_length=1, max_length=20)]


class EndpointOut(Schema):
    """An address that is told."""

    id: UUID
    unit: UnitOut
    name: str
    url: str
    events: list[str]
    state: str
    last_ok_at: datetime | None


class EndpointMadeOut(EndpointOut):
    """The same with its secret, shown this once."""

    secret: str


class SecretOut(Schema):
    """A new secret, shown this once."""

    secret: str


class SwitchIn(Schema):
    """Whether the address is called."""

    on: bool


class AttemptOut(Schema):
    """One call and what came back."""

    at: datetime
    status: int | None
    took_ms: int
    trouble: str


class DeliveryOut(Schema):
    """One event for the address."""

    id: int
    message_id: str
    type: str
    number: str
    state: str
    tries: int
    at: datetime
    attempts: list[AttemptOut]


class DeliveryPageOut(Schema):
    """One page of what an address was told."""

    items: list[DeliveryOut]
    page: int
    next: int | None


class ReplayIn(Schema):
    """Which deliveries are sent again; null: all that were given up."""

    deliveries: Annotated[list[AccountId], Field(max_length=1000)] | None = None


class CountOut(Schema):
    """How many."""

    count: int


class ProblemOut(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    code: str | None = None
    errors: list[dict[str, Any]] | None = None
