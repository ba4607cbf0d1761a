"""What the carrier holds: accounts, messages part by part, and what became of each."""

from simulator.store import Row, Store

TABLE = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ESCAPED = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}


def read_text(octets: bytes, *, data_coding: int) -> str:
    """-> the words: UTF-16 for coding 8, else the old alphabet with its escapes."""
    if data_coding == 8:
        return octets.decode("utf-16-be")
    found, escaped = "", False
    for octet in octets:
        if escaped:
            found, escaped = found + ESCAPED.get(octet, "?"), False
        elif octet == 0x1B:
            escaped = True
        else:
            found += TABLE[octet]
    return found


def account(store: Store, *, login: str, password: str) -> Row | None:
    return store.row("SELECT * FROM sms_account WHERE login = ? AND password = ?", login, password)


def keep(
    store: Store,
    *,
    login: str,
    sender: str,
    phone: str,
    text: str,
    reference: int = 0,
    part: int = 1,
    parts: int = 1,
    wants_receipt: bool = False,
    key: str = "",
) -> str:
    """Keep one part. -> the carrier's id of it."""
    number = store.next_number("sms")
    identifier = f"{number:08x}"
    store.change(
        "INSERT INTO sms (number, id, login, sender, phone, text, reference, part, parts, "
        "wants_receipt, key, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        *(number, identifier, login, sender, phone, text, reference, part, parts),
        *(int(wants_receipt), key, store.now_ms()),
    )
    return identifier


def known_key(store: Store, *, login: str, key: str) -> bool:
    """True when this account used the key before."""
    sql = "SELECT COUNT(*) FROM sms WHERE login = ? AND key = ? AND key <> ''"
    return bool(store.count(sql, login, key))


def waiting_receipts(store: Store, *, login: str) -> list[Row]:
    """-> messages whose receipt nobody took yet, with the state the phone's owner was given."""
    outcomes = store.setting("limits").get("sms_outcomes", {})
    later = int(float(store.setting("limits").get("sms_receipt_seconds", 0)) * 1000)
    rows = store.rows(
        "SELECT * FROM sms WHERE login = ? AND wants_receipt = 1 AND receipted = 0 "
        "AND created_ms <= ? ORDER BY number",
        *(login, store.now_ms() - later),
    )
    return [row | {"state": outcomes.get(row["phone"], "DELIVRD")} for row in rows]


def receipt_taken(store: Store, identifier: str) -> None:
    store.change("UPDATE sms SET receipted = 1 WHERE id = ?", identifier)


def waiting_words(store: Store, *, login: str) -> list[Row]:
    """-> what phones wrote to this account's sender and nobody took yet: phone, sender, text (ordered as the limit ``sms_words``)."""
    known = store.row("SELECT sender FROM sms_account WHERE login = ?", login)
    words = store.setting("limits").get("sms_words", [])
    return [w for w in words if known and w["sender"] == known["sender"]]


def words_taken(store: Store, taken: Row) -> None:
    limits = store.setting("limits")
    left = [w for w in limits.get("sms_words", []) if w != taken]
    store.set_setting("limits", limits | {"sms_words": left})


def all_messages(store: Store) -> list[Row]:
    """-> whole messages, oldest first: sender, phone, text joined from its parts, parts, receipted."""
    found: list[Row] = []
    open_ones: dict[tuple[str, str, int], Row] = {}
    for row in store.rows("SELECT * FROM sms ORDER BY number"):
        at = (row["login"], row["phone"], row["reference"])
        if row["part"] == 1 or at not in open_ones:
            whole = row | {"got": 0, "text": ""}
            found.append(whole)
            open_ones[at] = whole
        whole = open_ones[at]
        whole["text"] += row["text"]
        whole["got"] += 1
        whole["receipted"] = row["receipted"]
        if whole["got"] == whole["parts"]:
            del open_ones[at]
    return found
