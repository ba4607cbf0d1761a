"""The memory of the simulated providers: one SQLite file, one clock, one seed."""

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Row = dict[str, Any]

SAMPLE_PEOPLE = {
    "246845883529197922": "Vi Thị Dung",
    "246845883529197923": "Lầu Bá Chò",
    "246845883529197924": "Vàng Thị Mỷ",
    "246845883529197925": "Nguyễn Văn Lam",
    "246845883529197926": "Lò Thị Hặc",
}
CAME_LATER = (
    ("comment", "hidden", "INTEGER NOT NULL DEFAULT 0"),
    ("page", "published", "INTEGER NOT NULL DEFAULT 1"),
    ("post", "photos", "TEXT NOT NULL DEFAULT '[]'"),
)
# A reset forgets the world, but never hands out an id twice: counters stay.
FORGOTTEN_BY_RESET = (
    "DELETE FROM setting",
    "DELETE FROM person",
    "DELETE FROM page",
    "DELETE FROM oa",
    "DELETE FROM facebook_token",
    "DELETE FROM facebook_code",
    "DELETE FROM post",
    "DELETE FROM comment",
    "DELETE FROM message",
    "DELETE FROM follower",
    "DELETE FROM zalo_code",
    "DELETE FROM zalo_token",
    "DELETE FROM zalo_refresh",
    "DELETE FROM attachment",
    "DELETE FROM photo",
    "DELETE FROM article",
    "DELETE FROM broadcast",
    "DELETE FROM zalo_group",
    "DELETE FROM group_message",
    "DELETE FROM sms_account",
    "DELETE FROM sms",
    "DELETE FROM letter",
    "DELETE FROM fb_upload",
    "DELETE FROM yt_channel",
    "DELETE FROM yt_session",
    "DELETE FROM yt_video",
    "DELETE FROM fault",
    "DELETE FROM call",
    "DELETE FROM event",
    "DELETE FROM delivery",
)


class Store:
    """Keeps what the providers know; every change is on disk before it is answered."""

    def __init__(self, folder: Path, *, seed: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.seed = seed
        self.address = ""
        self._depth = 0
        self._file = sqlite3.connect(
            folder / "simulator.sqlite3", isolation_level=None, check_same_thread=False
        )
        self._file.row_factory = sqlite3.Row
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.execute("PRAGMA synchronous=NORMAL")
        self._file.executescript((Path(__file__).parent / "data" / "schema.sql").read_text("utf-8"))
        self._add_what_came_later()
        self._seat_sample_people()

    def _add_what_came_later(self) -> None:
        """A world kept from an older release lacks columns; what they say begins with nothing."""
        for table, column, words in CAME_LATER:
            known = {row["name"] for row in self.rows(f"PRAGMA table_info({table})")}
            if column not in known:
                self._file.execute(f"ALTER TABLE {table} ADD COLUMN {column} {words}")

    def close(self) -> None:
        self._file.close()

    def rows(self, sql: str, *values: object) -> list[Row]:
        return [dict(row) for row in self._file.execute(sql, values)]

    def row(self, sql: str, *values: object) -> Row | None:
        found = self._file.execute(sql, values).fetchone()
        return None if found is None else dict(found)

    def count(self, sql: str, *values: object) -> int:
        return int(self._file.execute(sql, values).fetchone()[0])

    def change(self, sql: str, *values: object) -> int:
        """Apply one statement. -> the number of rows it touched."""
        return self._file.execute(sql, values).rowcount

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep all changes inside, or none; they are on disk when the block ends."""
        if self._depth:
            yield
            return
        self._file.execute("BEGIN IMMEDIATE")
        self._depth = 1
        try:
            yield
        except BaseException:
            self._file.execute("ROLLBACK")
            raise
        else:
            self._file.execute("COMMIT")
        finally:
            self._depth = 0

    def setting(self, name: str) -> Row:
        """-> the named group of settings; empty when it was never set."""
        found = self.row("SELECT value FROM setting WHERE name = ?", name)
        return {} if found is None else dict(json.loads(found["value"]))

    def set_setting(self, name: str, value: Row) -> None:
        self.change(
            "INSERT INTO setting (name, value) VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name,
            json.dumps(value, ensure_ascii=False),
        )

    def now_ms(self) -> int:
        """-> simulator time: the real clock plus the offset set from outside."""
        offset = self.setting("clock").get("offset_seconds", 0)
        return int((time.time() + float(offset)) * 1000)

    def next_number(self, name: str, *, first: int = 1) -> int:
        """-> a number never given out before under this name, not even before a restart."""
        self.change("INSERT OR IGNORE INTO counter (name, value) VALUES (?, ?)", name, first - 1)
        self.change("UPDATE counter SET value = value + 1 WHERE name = ?", name)
        return self.count("SELECT value FROM counter WHERE name = ?", name)

    def next_secret(self, name: str, *, length: int = 40) -> str:
        """-> an opaque id in hex; the same seed and history give the same one."""
        number = self.next_number(name)
        text = f"{self.seed}:{name}:{number}"
        return hashlib.sha512(text.encode()).hexdigest()[:length]

    def person_name(self, person: str) -> str:
        found = self.row("SELECT name FROM person WHERE id = ?", person)
        return f"Người dân {person[-4:]}" if found is None else str(found["name"])

    def know_person(self, person: str) -> None:
        """Make sure the person exists, with a made-up name when nobody gave one."""
        self.change(
            "INSERT OR IGNORE INTO person (id, name) VALUES (?, ?)",
            person,
            self.person_name(person),
        )

    def forget_everything(self) -> None:
        """Leave an empty world: no pages, posts, tokens, faults or record."""
        with self.together():
            for sql in FORGOTTEN_BY_RESET:
                self.change(sql)
            self._seat_sample_people()

    def _seat_sample_people(self) -> None:
        for person, name in SAMPLE_PEOPLE.items():
            self.change("INSERT OR IGNORE INTO person (id, name) VALUES (?, ?)", person, name)
