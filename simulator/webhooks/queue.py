"""What is still to be told: events, and their deliveries under the plan of the day."""

import json
import random
from typing import Any

from simulator.store import Row, Store

PLAN: dict[str, Any] = {
    "duplicate": 1,
    "reorder": 0,
    "batch": 1,
    "seed": None,
    "paused": False,
    "burst_per_second": None,
    "delay_seconds": 0,
    "bad_signature": 0,
    "wrong_secret": 0,
    "retry_seconds": [0.5, 1, 2, 4, 8, 15, 30, 60],
    "facebook_gives_up_seconds": 36 * 3600,
    "zalo_gives_up_seconds": 3600,
    "zalo_retries": "any",
    "timeout_seconds": 5,
}
# With reordering on, an event waits this long for others it can change places with.
REORDER_WAIT_MS = 400


def plan(store: Store) -> dict[str, Any]:
    """-> how webhooks are sent now; see PLAN for what is said when nothing was."""
    return PLAN | store.setting("plan")


def change_plan(store: Store, wishes: Row) -> dict[str, Any]:
    """Follow the wishes from now on. Raises KeyError for a word the plan does not know."""
    unknown = set(wishes) - set(PLAN)
    if unknown:
        raise KeyError(f"unknown in a webhook plan: {', '.join(sorted(unknown))}")
    store.set_setting("plan", plan(store) | wishes)
    return plan(store)


def tell(store: Store, *, provider: str, account: str, kind: str, payload: Row) -> int:
    """Put an event in the queue, as often as the plan duplicates. -> its number."""
    wishes, now = plan(store), store.now_ms()
    event = store.next_number("event")
    store.change(
        "INSERT INTO event (number, provider, account, kind, payload, created_ms) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        event,
        provider,
        account,
        kind,
        json.dumps(payload, ensure_ascii=False),
        now,
    )
    wait = REORDER_WAIT_MS if wishes["reorder"] else 0
    due = now + wait + int(float(wishes["delay_seconds"]) * 1000)
    for copy in range(max(1, int(wishes["duplicate"]))):
        add_delivery(store, event=event, provider=provider, due_ms=due, copy=copy, wishes=wishes)
    return event


def add_delivery(
    store: Store, *, event: int, provider: str, due_ms: int, copy: int, wishes: Row
) -> None:
    """Queue one telling of the event; its place moves by at most `reorder` positions."""
    number = store.next_number("delivery")
    seed = store.seed if wishes["seed"] is None else wishes["seed"]
    chance = random.Random(f"{seed}:{event}:{copy}")  # noqa: S311 - repeatable, not secret
    store.change(
        "INSERT INTO delivery (number, event, provider, due_ms, place) VALUES (?, ?, ?, ?, ?)",
        number,
        event,
        provider,
        due_ms,
        number + chance.uniform(0, float(wishes["reorder"])),
    )


def due_deliveries(store: Store, *, provider: str, limit: int = 500) -> list[Row]:
    """-> deliveries whose time has come, in the order they will be sent."""
    return store.rows(
        "SELECT delivery.*, event.account, event.kind, event.payload, event.created_ms "
        "FROM delivery JOIN event ON event.number = delivery.event "
        "WHERE delivery.state = 'waiting' AND delivery.provider = ? AND delivery.due_ms <= ? "
        "ORDER BY delivery.place LIMIT ?",
        provider,
        store.now_ms(),
        limit,
    )


def next_due_ms(store: Store) -> int | None:
    """-> when the next delivery falls due, None when nothing waits."""
    found = store.row("SELECT MIN(due_ms) AS due_ms FROM delivery WHERE state = 'waiting'")
    return None if found is None else found["due_ms"]


def mark_acknowledged(store: Store, delivery: Row, *, status: int) -> None:
    """Keep that the receiver said 2xx: this delivery is done, its event acknowledged."""
    store.change(
        "UPDATE delivery SET state = 'done', tries = tries + 1, last_status = ?, "
        "last_error = NULL WHERE number = ?",
        status,
        delivery["number"],
    )
    store.change(
        "UPDATE event SET tries = tries + 1, acknowledged = 1, "
        "acknowledged_ms = COALESCE(acknowledged_ms, ?) WHERE number = ?",
        store.now_ms(),
        delivery["event"],
    )


def mark_failed(
    store: Store, delivery: Row, *, status: int | None, error: str, again: bool
) -> bool:
    """Keep the failure and when to try again. -> False when this delivery is given up."""
    wishes, now, tries = plan(store), store.now_ms(), delivery["tries"] + 1
    patience = float(wishes[f"{delivery['provider']}_gives_up_seconds"]) * 1000
    again = again and now - delivery["created_ms"] < patience
    steps = wishes["retry_seconds"] or [60]
    wait = float(steps[min(tries, len(steps)) - 1]) * 1000
    store.change(
        "UPDATE delivery SET tries = ?, last_status = ?, last_error = ?, state = ?, due_ms = ? "
        "WHERE number = ?",
        tries,
        status,
        error,
        "waiting" if again else "given_up",
        now + int(wait),
        delivery["number"],
    )
    store.change("UPDATE event SET tries = tries + 1 WHERE number = ?", delivery["event"])
    return again


def drop_waiting(store: Store, *, provider: str, account: str | None = None) -> None:
    """Give up whatever still waits for this provider, or for one of its accounts."""
    store.change(
        "UPDATE delivery SET state = 'given_up' WHERE state = 'waiting' AND provider = ? "
        "AND (? IS NULL OR event IN (SELECT number FROM event WHERE account = ?))",
        provider,
        account,
        account,
    )


def all_events(store: Store, *, since: int = 0) -> list[Row]:
    """-> every event after this number: tries, acknowledged or not, state of its tellings."""
    events = store.rows("SELECT * FROM event WHERE number > ? ORDER BY number", since)
    tellings = store.rows("SELECT * FROM delivery WHERE event > ? ORDER BY number", since)
    by_event: dict[int, list[Row]] = {}
    for telling in tellings:
        by_event.setdefault(telling["event"], []).append(telling)
    return [event_report(event, by_event.get(event["number"], [])) for event in events]


def event_report(event: Row, tellings: list[Row]) -> Row:
    return {
        "id": event["number"],
        "provider": event["provider"],
        "account": event["account"],
        "kind": event["kind"],
        "tries": event["tries"],
        "acknowledged": bool(event["acknowledged"]),
        "acknowledged_ms": event["acknowledged_ms"],
        "created_ms": event["created_ms"],
        "deliveries": [
            {name: one[name] for name in ("state", "tries", "last_status", "last_error")}
            for one in tellings
        ],
        "payload": json.loads(event["payload"]),
    }
