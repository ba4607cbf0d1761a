"""Secrets at rest: AES-256-GCM under a ring of keys. The first key seals, every key opens, old keys can be retired.

The ring is JSON ``{"keys": [{"id": "k2", "key": "<base64 of 32 bytes>"}, …]}`` in ``CAUNOI_KEYRING`` or ``keyring.json``.
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


class KeyringError(Exception):
    """The key ring is missing or unreadable, or holds no key for this secret."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys by id, newest first."""

    keys: dict[str, bytes]

    def seal(self, secret: str, *, context: str) -> bytes:
        """Return ``secret`` sealed under the newest key; it opens only with the same ``context``."""
        key_id, key = next(iter(self.keys.items()))
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(key).encrypt(nonce, secret.encode(), context.encode())
        return key_id.encode() + b":" + nonce + sealed

    def open(self, sealed: bytes | memoryview, *, context: str) -> str:
        """Return the secret. Raises KeyringError when the key is gone or the bytes were changed."""
        key_id, _, rest = bytes(sealed).partition(b":")
        key = self.keys.get(key_id.decode(errors="replace"))
        if key is None:
            raise KeyringError(f"No key {key_id!r} in the key ring")
        try:
            return (
                AESGCM(key)
                .decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], context.encode())
                .decode()
            )
        except (InvalidTag, ValueError) as error:
            raise KeyringError("The sealed secret was changed or belongs elsewhere") from error

    def is_newest(self, sealed: bytes | memoryview | None) -> bool:
        """True when ``sealed`` needs no re-sealing."""
        return sealed is not None and bytes(sealed).startswith(
            next(iter(self.keys)).encode() + b":"
        )


def parse(text: str) -> Keyring:
    """Read a ring from JSON. Raises KeyringError."""
    try:
        pairs = [
            (str(k["id"]), base64.b64decode(k["key"], validate=True))
            for k in json.loads(text)["keys"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise KeyringError("The key ring is not readable JSON") from error
    if not pairs or any(len(key) != 32 for _, key in pairs):
        raise KeyringError("Every key in the ring must be 32 bytes")
    if any(not word or ":" in word for word, _ in pairs) or len(dict(pairs)) != len(pairs):
        raise KeyringError("Every key in the ring needs an id of its own, without a colon")
    return Keyring(dict(pairs))


def load() -> Keyring:
    """Return the installation's ring. Raises KeyringError when there is none (``caunoi up`` makes one)."""
    if settings.CAUNOI_KEYRING:
        return parse(settings.CAUNOI_KEYRING)
    file = Path(settings.CAUNOI_KEYRING_FILE)
    if not file.is_file():
        raise KeyringError(f"No key ring at {file}: run caunoi up once, or set CAUNOI_KEYRING")
    there = file.stat()
    return _read(file, there.st_mtime_ns, there.st_ino)


@lru_cache(maxsize=4)
def _read(file: Path, _changed_ns: int, _inode: int) -> Keyring:
    """Read a ring once as long as its file is the same: each send opens two secrets."""
    return parse(file.read_text(encoding="utf-8"))


def add_key(file: Path) -> str:
    """Put a new newest key into the ring file (made when missing, mode 0600) and return its id.

    Whoever loses the ring loses every sealed secret: the file is on disk before it takes the old one's place.
    Raises KeyringError when the present ring is not readable; it is left as it is.
    """
    old: list[dict[str, str]] = []
    if file.is_file():
        text = file.read_text(encoding="utf-8")
        parse(text)
        old = json.loads(text)["keys"]
    key_id = f"k{len(old) + 1}-{secrets.token_hex(3)}"
    ring = [{"id": key_id, "key": base64.b64encode(os.urandom(32)).decode()}, *old]
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump({"keys": ring}, out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
    return key_id
