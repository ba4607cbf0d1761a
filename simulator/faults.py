"""Misfortune to order: which calls fail, how, and how often."""

import json
import random
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from simulator.calls import Answer
from simulator.facebook.errors import GraphError, error_answer
from simulator.store import Row, Store
from simulator.youtube import api as youtube
from simulator.zalo.errors import ZaloError, refusal

PLAIN = frozenset(("429", "500", "502", "503", "hang", "reset", "html"))
WORDED = frozenset(
    (
        "zalo_error",
        "facebook_error",
        "sms_error",
        "mail_error",
        "youtube_error",
        "expired",
        "revoked",
        "no_permission",
    )
)
AFTER = frozenset(("drop", "malformed", "slow"))
KINDS = PLAIN | WORDED | AFTER


TOKEN_GONE = {
    "sms": Answer({"CodeResult": "101", "CodeResponse": "101"}),
    "youtube": youtube.refused(401, "authError"),
}


class BadFault(ValueError):
    """A fault that cannot be ordered as it is written."""


@dataclass(frozen=True)
class Fault:
    """One misfortune that happens to one call."""

    kind: str
    seconds: float
    code: int | None = None
    subcode: int | None = None


def matches(pattern: str, *, method: str, path: str) -> bool:
    """True for `POST /v26.0/*/feed`, a path glob, or a piece of the path."""
    wanted_method, _, rest = pattern.rpartition(" ")
    if wanted_method and wanted_method.upper() != method:
        return False
    return fnmatchcase(path, rest) if "*" in rest else rest in path


def order(store: Store, rules: list[Row]) -> list[int]:
    """Keep the rules, the first that applies wins. -> their numbers. Raises BadFault."""
    for rule in rules:
        kind = str(rule.get("kind", "")).removeprefix("status_")
        if kind not in KINDS:
            raise BadFault(f"unknown kind {kind!r}, known: {', '.join(sorted(KINDS))}")
        if not rule.get("match"):
            raise BadFault("a fault needs `match`")
    numbers = []
    for rule in rules:
        number = store.next_number("fault")
        kept = rule | {"kind": str(rule["kind"]).removeprefix("status_")}
        count = rule.get("count")
        remaining = count if count is not None or "probability" in rule else 1
        store.change(
            "INSERT INTO fault (number, rule, remaining) VALUES (?, ?, ?)",
            *(number, json.dumps(kept), remaining),
        )
        numbers.append(number)
    return numbers


def pick(store: Store, *, method: str, path: str) -> Fault | None:
    """-> what happens to this call, None when it is spared; a counted rule is used up."""
    for found in store.rows("SELECT * FROM fault ORDER BY number"):
        rule = json.loads(found["rule"])
        spent = found["remaining"] is not None and found["remaining"] <= 0
        if spent or not matches(rule["match"], method=method, path=path):
            continue
        looked = found["looked"] + 1
        chance = random.Random(f"{store.seed}:{found['number']}:{looked}").random()  # noqa: S311
        hit = chance < float(rule.get("probability", 1))
        store.change(
            "UPDATE fault SET looked = ?, hits = hits + ?, remaining = remaining - ? "
            "WHERE number = ?",
            *(looked, int(hit), int(hit), found["number"]),
        )
        if hit:
            return as_fault(rule)
    return None


def as_fault(rule: Row) -> Fault:
    usual = {"hang": 35.0, "429": 2.0, "503": 2.0, "slow": 5.0}
    kind = rule["kind"]
    return Fault(
        kind=kind,
        seconds=float(rule.get("seconds", usual.get(kind, 0.0))),
        code=rule.get("code"),
        subcode=rule.get("subcode"),
    )


def list_faults(store: Store) -> list[Row]:
    """-> all rules with how often they looked and struck."""
    return [
        json.loads(found["rule"])
        | {name: found[name] for name in ("number", "remaining", "looked", "hits")}
        for found in store.rows("SELECT * FROM fault ORDER BY number")
    ]


def fault_answer(fault: Fault, *, provider: str) -> Answer | None:
    """-> what is said instead of the real answer, None for faults that say nothing."""
    if fault.kind in {"429", "500", "502", "503"}:
        return status_answer(fault, provider=provider)
    if fault.kind == "html":
        page = "<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>"
        return Answer(page, 200, {"content-type": "text/html; charset=utf-8"})
    if fault.kind in {"zalo_error", "facebook_error", "sms_error", "youtube_error"}:
        return error_of(provider, code=fault.code, subcode=fault.subcode)
    kinds: dict[str, dict[str, tuple[int, int | None]]] = {
        "facebook": {"expired": (190, 463), "revoked": (190, 458), "no_permission": (200, None)},
        "zalo": {"expired": (-220, None), "revoked": (-216, None), "no_permission": (-209, None)},
    }
    if provider in TOKEN_GONE:
        return TOKEN_GONE[provider]
    if fault.kind not in kinds[provider]:
        return None
    code, subcode = kinds[provider][fault.kind]
    return error_of(provider, code=code, subcode=subcode)


def status_answer(fault: Fault, *, provider: str) -> Answer:
    status = int(fault.kind)
    code = {
        "facebook": 4 if status == 429 else 2,
        "zalo": -32 if status == 429 else -200,
        "sms": 99,
        "youtube": 429,
        "push": 0,
    }
    said = error_of(provider, code=fault.code or code[provider], subcode=fault.subcode)
    retry = {"Retry-After": str(max(1, round(fault.seconds)))} if status in {429, 503} else {}
    return Answer(said.content, status, retry)


def error_of(provider: str, *, code: int | None, subcode: int | None) -> Answer:
    """-> the provider's own envelope for an ordered error."""
    words = "Ordered by the simulator's fault rules"
    if provider == "youtube":
        reasons = {403: "quotaExceeded", 400: "invalidTitle", 429: "rateLimitExceeded"}
        return youtube.refused(code or 400, reasons.get(code or 400, "backendError"))
    if provider == "push":
        return Answer("")
    if provider == "sms":
        return Answer({"CodeResult": str(code or 99), "ErrorMessage": words})
    if provider == "zalo":
        content: Any = refusal(ZaloError(-200 if code is None else code, words)).content
        return Answer(content)
    return error_answer(GraphError(2 if code is None else code, words, subcode=subcode))
