"""What other servers send to a unit: a Follow, its Undo, word that an actor is gone. Everything else is dropped and never kept."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from caunoi.fediverse import actions, addresses, fetching, queries, rules, sealing
from caunoi.fediverse.terms import ActorGone, NotSigned, Remote
from caunoi.units.terms import UnitNow


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came: ``headers`` with lower-case names, ``target`` its path with the query."""

    target: str
    headers: Mapping[str, str]
    body: bytes


def wanted(body: bytes, *, unit: UnitNow) -> dict[str, Any] | None:
    """Return what was sent when it concerns us, before anybody is asked anything; None for all that is dropped."""
    try:
        said = json.loads(body)
    except ValueError:
        return None
    actor = rules.id_of(said.get("actor")) if isinstance(said, dict) else ""
    if not actor:
        return None
    thing, kind = said.get("object"), said.get("type")
    if kind == "Follow":
        return said if rules.id_of(thing) == addresses.actor(unit.slug) else None
    undone = isinstance(thing, dict) and thing.get("type") == "Follow"
    ends = kind == "Undo" and (undone or isinstance(thing, str))
    gone = kind == "Delete" and rules.id_of(thing) == actor
    return said if (ends or gone) and queries.follows(actor=actor, unit_id=unit.id) else None


def take_in(said: dict[str, Any], request: Request, *, unit: UnitNow, at: datetime) -> None:
    """Check who sent it, asking the sender's own server, and do what it says. Not in a transaction.

    Raises NotSigned, NotCallable, NotReached
    """
    actor = rules.id_of(said["actor"])
    try:
        remote = checked(request, actor=actor, unit=unit, at=at)
    except ActorGone:
        # its own server says so: that is as good as any signature
        actions.unfollow(actor=actor)
        return
    if said["type"] == "Follow":
        actions.follow(unit_id=unit.id, slug=unit.slug, remote=remote, asked=said, at=at)
    else:
        actions.unfollow(actor=actor, unit_id=unit.id if said["type"] == "Undo" else None)


def checked(request: Request, *, actor: str, unit: UnitNow, at: datetime) -> Remote:
    """Return the actor when the request is signed by its key. Raises NotSigned, NotCallable, NotReached, ActorGone."""
    signature = rules.signature_of(request.headers.get("signature", ""))
    rules.check_covers(signature, request.headers, request.body, at=at)
    if not rules.same_house(signature.key_id, actor):
        raise NotSigned("The key belongs to somebody else.")
    remote = fetching.actor(actor, unit_id=unit.id, slug=unit.slug, at=at)
    text = rules.signing_string("post", request.target, request.headers, signature.names)
    if remote.key_id != signature.key_id or not sealing.is_signed(
        text, signature.raw, remote.public_pem
    ):
        raise NotSigned("The signature is not of this actor.")
    return remote
