"""Secrets open with the right key in the right place, and nowhere else."""

import base64
import json
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caunoi.kit import keyring
from caunoi.kit.keyring import Keyring, KeyringError

RING = Keyring({"k2": b"2" * 32, "k1": b"1" * 32})


@given(st.text(), st.text())
def test_what_was_sealed_opens_again(secret, context):
    secret = secret.encode("utf-8", "ignore").decode()
    context = context.encode("utf-8", "ignore").decode()

    assert RING.open(RING.seal(secret, context=context), context=context) == secret


def test_the_sealed_bytes_hold_nothing_of_the_secret():
    sealed = RING.seal("EAATESTTOKEN123", context="channel:1")

    assert b"EAATEST" not in sealed
    assert RING.seal("EAATESTTOKEN123", context="channel:1") != sealed


def test_a_secret_put_into_another_row_does_not_open():
    sealed = RING.seal("EAATESTTOKEN123", context="channel:1")

    with pytest.raises(KeyringError):
        RING.open(sealed, context="channel:2")


@given(st.integers(0, 200), st.integers(1, 255))
def test_one_changed_byte_is_noticed(place, change):
    sealed = bytearray(RING.seal("EAATESTTOKEN123", context="channel:1"))
    sealed[place % len(sealed)] ^= change

    with pytest.raises(KeyringError):
        RING.open(bytes(sealed), context="channel:1")


@pytest.mark.parametrize("sealed", [b"", b":", b"k2:", b"k2:short", b"nothing", b"\xff\xfe:x"])
def test_rubbish_does_not_open(sealed):
    with pytest.raises(KeyringError):
        RING.open(sealed, context="channel:1")


def test_an_old_key_opens_and_the_newest_seals():
    old = Keyring({"k1": b"1" * 32})
    sealed = old.seal("EAATESTTOKEN123", context="channel:1")

    assert RING.open(sealed, context="channel:1") == "EAATESTTOKEN123"
    assert not RING.is_newest(sealed)
    assert RING.is_newest(RING.seal("x", context="channel:1"))


def test_a_retired_key_opens_nothing_and_the_error_tells_no_secret():
    sealed = RING.seal("EAATESTTOKEN123", context="channel:1")

    with pytest.raises(KeyringError) as caught:
        Keyring({"k3": b"3" * 32}).open(sealed, context="channel:1")
    assert "EAATEST" not in str(caught.value)


def ring_of(*keys):
    return json.dumps({"keys": [{"id": i, "key": base64.b64encode(k).decode()} for i, k in keys]})


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", '{"keys": []}', '{"keys": [1]}', '{"keys": [{"id": "k"}]}',
        ring_of(("k1", b"short")), ring_of(("k:1", b"1" * 32)), ring_of(("k1", b"1" * 32), ("k1", b"2" * 32)),
        '{"keys": [{"id": "k1", "key": "%%%"}]}',
    ],
)  # fmt: skip
def test_a_ring_that_cannot_be_right_is_refused(text):
    with pytest.raises(KeyringError):
        keyring.parse(text)


def test_a_new_key_comes_first_the_old_ones_stay_and_only_the_owner_reads(tmp_path):
    file = tmp_path / "deep" / "keyring.json"

    first = keyring.add_key(file)
    second = keyring.add_key(file)

    assert list(keyring.parse(file.read_text()).keys) == [second, first]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_an_unreadable_ring_is_never_overwritten(tmp_path):
    file = tmp_path / "keyring.json"
    file.write_text("half of a fi")

    with pytest.raises(KeyringError):
        keyring.add_key(file)
    assert file.read_text() == "half of a fi"


def test_a_missing_ring_says_what_to_do(settings, tmp_path):
    settings.CAUNOI_KEYRING, settings.CAUNOI_KEYRING_FILE = "", tmp_path / "none.json"

    with pytest.raises(KeyringError, match="caunoi up"):
        keyring.load()
