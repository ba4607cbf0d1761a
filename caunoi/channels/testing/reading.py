"""What a connector promises about what comes in."""

from dataclasses import replace
from datetime import timedelta

import pytest

from caunoi.channels.contract import (
    AppSecrets,
    Capability,
    MessageKind,
    MessageReceived,
    RawDelivery,
    Unknown,
)
from caunoi.channels.testing.rig import (
    BODIES,
    HEARD_AS,
    TEXTS,
    Rig,
    any_body,
    can,
    if_it_listens,
    read,
    reads_nothing,
)


class ReadingContract:
    """Signatures, bodies, what people say, what was missed."""

    @if_it_listens
    def test_the_right_signature_passes_and_no_other(self, rig: Rig) -> None:
        at, verify = rig.now(), rig.connector.verify
        good = rig.signed(any_body(rig), at)

        assert verify(good, rig.app)
        assert not verify(replace(good, body=good.body + b" "), rig.app)
        assert not verify(replace(good, headers={}), rig.app)
        assert not verify(good, AppSecrets(rig.app.app_id, {}))
        wrong = {name: "\u1ec7" + value[1:] for name, value in good.headers.items()}
        assert not verify(replace(good, headers=wrong), rig.app)
        other = AppSecrets(rig.app.app_id, {k: v + "x" for k, v in rig.app.secrets.items()})
        assert not verify(good, other)

    @pytest.mark.parametrize("name", BODIES)
    def test_no_body_makes_it_crash(self, rig: Rig, name: str) -> None:
        raw = RawDelivery({}, BODIES[name], rig.now())

        assert rig.connector.verify(raw, rig.app) is False
        for told in read(rig, BODIES[name]):
            assert isinstance(told, Unknown)

    # What people say.
    @pytest.mark.parametrize("kind", HEARD_AS)
    @pytest.mark.parametrize("name", TEXTS)
    def test_what_a_person_says_is_read_whole(self, rig: Rig, kind: MessageKind, name: str) -> None:
        if not can(rig, HEARD_AS[kind]):
            reads_nothing(rig)
            return
        body = rig.heard(kind, TEXTS[name], external_id="900_1")

        (heard,) = read(rig, body)

        assert isinstance(heard, MessageReceived)
        assert (heard.kind, heard.text) == (kind, TEXTS[name])
        assert heard.account_ref == rig.account().external_id
        assert heard.thread_ref
        assert heard.sent_at.tzinfo is not None

    @if_it_listens
    def test_reading_twice_says_the_same(self, rig: Rig) -> None:
        body = any_body(rig)

        assert read(rig, body) == read(rig, body)

    @if_it_listens
    def test_an_unknown_event_is_named_and_nothing_else(self, rig: Rig) -> None:
        told = read(rig, rig.unknown_event())

        assert told
        assert all(isinstance(t, Unknown) and t.name for t in told)

    @if_it_listens
    def test_one_bad_part_harms_no_neighbour(self, rig: Rig) -> None:
        kind = next(k for k, needed in HEARD_AS.items() if can(rig, needed))
        bodies = [rig.heard(kind, "Một", external_id="900_1")]
        bodies.append(rig.heard(kind, "Hai", external_id="900_2"))
        batch = rig.several(*bodies)
        if batch is None:
            return

        heard = [t for t in read(rig, batch) if isinstance(t, MessageReceived)]

        assert [m.text for m in heard] == ["Một", "Hai"]

    @pytest.mark.parametrize("kind", HEARD_AS)
    def test_what_was_said_while_nobody_listened_is_fetched(
        self, rig: Rig, kind: MessageKind
    ) -> None:
        since = rig.now() - timedelta(minutes=5)
        if not can(rig, Capability.CATCH_UP):
            assert rig.connector.catch_up(rig.account(), since=since, at=rig.now()) == []
            return
        if not can(rig, HEARD_AS[kind]):
            return
        missed = rig.say(kind, "Có ai nghe không?")

        told = rig.connector.catch_up(rig.account(), since=since, at=rig.now())

        heard = [t for t in told if isinstance(t, MessageReceived) and t.external_id == missed]
        assert [(m.kind, m.text) for m in heard] == [(kind, "Có ai nghe không?")]

    def test_what_was_said_before_is_left_alone(self, rig: Rig) -> None:
        if not can(rig, Capability.CATCH_UP):
            return
        for kind in [k for k, needed in HEARD_AS.items() if can(rig, needed)][:1]:
            rig.say(kind, "Chuyện cũ")

        later = rig.now() + timedelta(hours=1)

        told = rig.connector.catch_up(rig.account(), since=later, at=later)

        assert not any(isinstance(t, MessageReceived) for t in told)
