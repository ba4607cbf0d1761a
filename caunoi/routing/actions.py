"""Writes of routing; each stays inside what the administrator's role reaches, and leaves one audit row."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from caunoi.kit import audit, clock
from caunoi.kit.text import clean
from caunoi.kit.viewing import Viewer
from caunoi.routing import rules
from caunoi.routing.models import Body, Rule, Topic
from caunoi.routing.terms import BodyKind, CodeTaken, Mode, NoTarget, OutsideReach, TopicsAreShared
from caunoi.staff.models import Account
from caunoi.staff.terms import Permission
from caunoi.units import queries as units


@transaction.atomic
def save_topic(
    *,
    code: str,
    name: str,
    keywords: str,
    position: int,
    is_active: bool,
    by: Viewer | None,
    at: datetime,
    new: bool = False,
) -> Topic:
    """Add a topic, or change one that exists; its code never changes. Raises TopicsAreShared, CodeTaken.

    keywords   one a line or between commas
    by         None for the sample data
    """
    if by is not None and not any("." not in p for p in by.scope(Permission.ROUTING_MANAGE)):
        raise TopicsAreShared(
            "Only an administrator at the top changes topics: all units share them."
        )
    known = Topic.objects.filter(pk=code).first()
    if new and known is not None:
        raise CodeTaken("Another topic has this short name.")
    topic = known or Topic(code=code)
    before = {"name": topic.name, "is_active": topic.is_active} if known else {}
    topic.name, topic.position, topic.is_active = clean(name), position, is_active
    topic.keywords = "\n".join(rules.keywords_of(clean(keywords)))
    topic.save()
    audit.record(
        "routing.topic.saved",
        on=topic,
        by=by,
        at=at,
        before=before,
        after={"name": topic.name, "is_active": is_active},
    )
    return topic


@transaction.atomic
def save_body(
    *,
    body: Body | None,
    unit_id: UUID,
    kind: BodyKind,
    name: str,
    valid_from: date,
    by: Viewer | None,
    at: datetime,
    office: str = "",
    email: str = "",
    phone: str = "",
    address: str = "",
    days: int | None = None,
    valid_until: date | None = None,
    members: Collection[Account] = (),
) -> Body:
    """Add a competent body to a unit, or change it. Raises OutsideReach, CodeTaken (its office is held by another body there).

    days      how many days it usually gets to answer; empty: the deadline table says
    members   accounts that sign in for it; without any it answers through a one-time link
    """
    _check_reach(unit_id, by, at)
    if body is not None:
        _check_reach(body.unit_id, by, at)
    saved = body or Body()
    fresh = {
        "unit_id": unit_id,
        "kind": kind.value,
        "name": clean(name),
        "office": office,
        "email": email.strip(),
        "phone": clean(phone),
        "address": clean(address),
        "days": days,
        "valid_from": valid_from,
        "valid_until": valid_until,
    }
    before = {k: getattr(saved, k) for k in fresh} if body else {}
    for field, value in fresh.items():
        setattr(saved, field, value)
    try:
        with transaction.atomic():
            saved.save(force_insert=body is None)
    except IntegrityError as error:
        raise CodeTaken("Another body of this unit already holds this office.") from error
    saved.members.set(members)
    changed = {
        k: v for k, v in fresh.items() if before.get(k) != v and k not in {"phone", "address"}
    }
    audit.record("routing.body.saved", on=saved, by=by, at=at, unit_id=unit_id, after=changed)
    return saved


@transaction.atomic
def save_rule(
    *,
    rule: Rule | None,
    place_id: UUID,
    valid_from: date,
    by: Viewer | None,
    at: datetime,
    topic: str = "",
    kind: str = "",
    to_unit_id: UUID | None = None,
    to_body_id: UUID | None = None,
    to_office: str = "",
    mode: Mode = Mode.PROPOSE,
    priority: int = 100,
    legal_source: str = "",
    valid_until: date | None = None,
) -> Rule:
    """Add a rule for a place and everything below it, or change one. Raises OutsideReach, NoTarget."""
    _check_reach(place_id, by, at)
    if rule is not None:
        _check_reach(rule.place_id, by, at)
    if not rules.one_target(unit_id=to_unit_id, body_id=to_body_id, office=to_office):
        raise NoTarget("Name one target: a unit, a body, or an office.")
    saved = rule or Rule()
    fresh = {
        "topic_id": topic or None,
        "kind": kind,
        "place_id": place_id,
        "to_unit_id": to_unit_id,
        "to_body_id": to_body_id,
        "to_office": to_office,
        "mode": mode.value,
        "priority": priority,
        "legal_source": clean(legal_source),
        "valid_from": valid_from,
        "valid_until": valid_until,
    }
    before = {k: getattr(saved, k) for k in fresh} if rule else {}
    for field, value in fresh.items():
        setattr(saved, field, value)
    saved.save()
    changed = {k: v for k, v in fresh.items() if before.get(k) != v}
    audit.record(
        "routing.rule.saved",
        on=saved,
        by=by,
        at=at,
        unit_id=place_id,
        before={k: before[k] for k in changed if k in before},
        after=changed,
    )
    return saved


@transaction.atomic
def end_rule(*, rule: Rule, by: Viewer, at: datetime) -> Rule:
    """Let the rule hold until today, not longer; cases it decided keep their explanation. Raises OutsideReach."""
    _check_reach(rule.place_id, by, at)
    today = clock.local_date(at)
    rule.valid_until = max(today, rule.valid_from)
    rule.save(update_fields=["valid_until"])
    audit.record(
        "routing.rule.ended", on=rule, by=by, at=at, unit_id=rule.place_id, after={"until": today}
    )
    return rule


def _check_reach(unit_id: UUID, by: Viewer | None, at: datetime) -> None:
    if by is None:
        return
    path = units.paths_of(unit_ids=[unit_id], on=clock.local_date(at)).get(unit_id)
    if path is None or not by.may(Permission.ROUTING_MANAGE, path):
        raise OutsideReach("This unit lies outside the places you administer.")
