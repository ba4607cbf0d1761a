"""Setting the world up: apps, Pages, Official Accounts and people, as often as you like."""

from simulator.facebook import events, tokens
from simulator.store import Row, Store
from simulator.webhooks.compose import is_loopback
from simulator.zalo import oauth


class BadSetup(ValueError):
    """A world that cannot be set up as it is described."""


def set_up(store: Store, world: Row) -> Row:
    """Make the described world exist; what exists keeps its tokens unless new ones are given.

    -> the names of the settings that hold now. Raises BadSetup and then changes nothing.
    """
    with store.together():
        for app in ("facebook_app", "zalo_app"):
            if app in world:
                keep_app(store, app, world[app])
        for page in world.get("pages", []):
            keep_page(store, page)
        for oa in world.get("oas", []):
            keep_oa(store, oa)
        keep_groups_and_carriers(store, world)
        for person in world.get("people", []):
            identifier = decimal_id(person)
            store.change("DELETE FROM person WHERE id = ?", identifier)
            store.change("INSERT INTO person (id, name) VALUES (?, ?)", identifier, person["name"])
        if "limits" in world:
            store.set_setting("limits", store.setting("limits") | world["limits"])
    return describe(store)


def keep_groups_and_carriers(store: Store, world: Row) -> None:
    """Groups of Official Accounts and accounts at the carrier of text messages exist as described."""
    for group in world.get("zalo_groups", []):
        words = (group["id"], group["oa"], group.get("name", ""))
        store.change("INSERT OR REPLACE INTO zalo_group (id, oa, name) VALUES (?, ?, ?)", *words)
    for channel in world.get("youtube_channels", []):
        words = (channel["id"], channel.get("name", ""), channel["refresh_token"])
        sql = "INSERT OR REPLACE INTO yt_channel (id, name, refresh_token) VALUES (?, ?, ?)"
        store.change(sql, *words)
    for account in world.get("sms_accounts", []):
        words = (account["login"], account["password"], account["sender"])
        sql = "INSERT OR REPLACE INTO sms_account (login, password, sender) VALUES (?, ?, ?)"
        store.change(sql, *words)


def keep_app(store: Store, name: str, app: Row) -> None:
    """The app's values hold from now on; a webhook that was disabled works again."""
    url = app.get("webhook_url")
    if url and not is_loopback(str(url)):
        raise BadSetup(f"webhook_url must be a loopback address, not {url}")
    before = store.setting(name) | {"webhook_disabled": False}
    store.set_setting(name, before | {key: str(value) for key, value in app.items()})


def decimal_id(thing: Row) -> str:
    """-> the id as text. Raises BadSetup unless it is a decimal string."""
    identifier = thing.get("id")
    if not isinstance(identifier, str) or not identifier.isdecimal():
        raise BadSetup(f"ids are decimal strings, not {identifier!r}")
    return identifier


def keep_page(store: Store, page: Row) -> None:
    """The Page exists; `published` says whether anybody can see it. With a token, or unless `subscribed_fields` says else, it tells of all."""
    identifier = decimal_id(page)
    is_new = store.change(
        "INSERT OR IGNORE INTO page (id, name) VALUES (?, ?)", identifier, page.get("name", "")
    )
    if "name" in page:
        store.change("UPDATE page SET name = ? WHERE id = ?", page["name"], identifier)
    if "published" in page:
        store.change(
            "UPDATE page SET published = ? WHERE id = ?", int(bool(page["published"])), identifier
        )
    if page.get("token"):
        tokens.add_token(store, token=str(page["token"]), page=identifier)
    if "subscribed_fields" in page:
        events.subscribe(store, identifier, list(page["subscribed_fields"]))
    elif is_new and page.get("token"):
        events.subscribe(store, identifier, list(events.ALL_FIELDS))


def keep_oa(store: Store, oa: Row) -> None:
    """The OA exists; its given tokens count only when it has none yet."""
    identifier = decimal_id(oa)
    is_new = store.change(
        "INSERT OR IGNORE INTO oa (id, name) VALUES (?, ?)", identifier, oa.get("name", "")
    )
    if "name" in oa:
        store.change("UPDATE oa SET name = ? WHERE id = ?", oa["name"], identifier)
    if is_new or not store.count("SELECT COUNT(*) FROM zalo_token WHERE oa = ?", identifier):
        oauth.add_tokens(
            store,
            oa=identifier,
            access_token=str(oa.get("access_token") or ""),
            refresh_token=str(oa.get("refresh_token") or ""),
        )


def describe(store: Store) -> Row:
    """-> who is in the world now."""
    return {
        "pages": store.rows("SELECT id, name, subscribed_fields FROM page ORDER BY rowid"),
        "oas": store.rows("SELECT id, name FROM oa ORDER BY rowid"),
        "people": store.rows("SELECT id, name FROM person ORDER BY rowid"),
    }


def change_token(store: Store, *, provider: str, token: str, kind: str, page: str = "") -> bool:
    """The token is valid, expired, revoked or no_permission from now on. -> False if unknown."""
    if kind not in {"valid", "expired", "revoked", "no_permission"}:
        raise BadSetup(f"a token cannot be {kind!r}")
    if provider == "facebook" and page:
        tokens.add_token(store, token=token, page=page, kind=kind)
        return True
    if provider == "facebook":
        sql = "UPDATE facebook_token SET kind = ? WHERE token = ?"
    else:
        sql = "UPDATE zalo_token SET kind = ? WHERE token = ?"
    return bool(store.change(sql, kind, token))
