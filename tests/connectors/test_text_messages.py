"""Text messages: counted as the networks do, cut without harm, each to one number, with what became of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
import smpp34
from smpplib import client, smpp

from caunoi.channels import actions as channels
from caunoi.channels import numbers, registry
from caunoi.channels.contract import ReconnectNeeded, Refused, TryLater, Unclear
from caunoi.channels.models import ListedNumber
from caunoi.connectors.sms import errors, uncertain
from caunoi.connectors.sms import smpp as line
from caunoi.connectors.sms.connector import Sms
from caunoi.journeys import catch_up
from caunoi.kit import clock, texting
from caunoi.kit.sentences import said
from caunoi.notices import looking, posts
from caunoi.notices.tests.test_telling import FLOOD
from caunoi.outbox import actions_publishing as outbox
from caunoi.outbox import delivery, leases
from caunoi.outbox.models import OutboundMessage
from tests.connectors import rigs
from tests.connectors.rigs import BESIDE, PostKind

pytestmark = pytest.mark.xdist_group("connectors")
PLAIN = "Sang thu Bay tiem phong trau bo o nha van hoa. " * 8
MARKED = "Sáng thứ Bảy tiêm phòng trâu bò ở nhà văn hoá. " * 4


@pytest.fixture
def carrier(outside):
    return rigs.SmppRig(outside)


def send(rig, text, key="k", phone="84912345678"):
    post = replace(rig.target(PostKind.PUBLICATION), text=text, target_ref=phone)
    return rig.connector.send(post, rig.account(), key=key, at=rig.now())


@pytest.mark.parametrize("text", [PLAIN, MARKED, "€" * 200, "😀" * 80, "{a}" * 100])
def test_parts_hold_what_the_networks_allow_and_lose_no_letter(text):
    encoding, _units, count = texting.sms_segments(text)
    parts = texting.cut(text)
    written = [texting.written(part, encoding) for part in parts]

    assert "".join(parts) == text
    assert len(parts) == count > 1
    assert max(map(len, written)) <= {"GSM7": 153, "UCS2": 134}[encoding]
    assert not any(part.endswith(b"\x1b") for part in written)


def test_the_librarys_packets_are_those_of_the_published_example():
    """SMPP 3.4 §4: bind_transceiver and submit_sm, octet by octet."""
    named = {"source_addr": "MTTQ LAOCAI", **uncertain.BRANDNAME}
    body = texting.written("Thông báo", texting.UCS2)
    wire = client.Client("127.0.0.1", 1, allow_unknown_opt_params=True)
    wire.sequence_generator._sequence = 2
    asked = smpp.make_pdu(
        "submit_sm",
        client=wire,
        **named,
        dest_addr_ton=1,
        dest_addr_npi=1,
        destination_addr="84912345678",
        short_message=body,
        data_coding=8,
        registered_delivery=1,
    )
    read = smpp34.decode(asked.generate())

    assert (read.source_addr, read.source_addr_ton, read.source_addr_npi) == ("MTTQ LAOCAI", 5, 0)
    assert (read.destination_addr, read.data_coding) == ("84912345678", 8)
    assert asked.generate().hex()[32:] == (
        "0005004d545451204c414f434149000101383439313233343536373800000000000001000800"
        "120054006800f4006e00670020006200e1006f"
    )


@pytest.mark.parametrize(("text", "parts"), [(PLAIN, 3), (MARKED, 4)])
def test_a_long_message_goes_in_parts_and_is_whole_at_the_carrier(carrier, text, parts):
    result = send(carrier, text)

    (message,) = carrier.outside.text_messages()
    assert message["text"] == f"{text} {BESIDE.link}"
    assert (message["sender"], message["parts"]) == ("MTTQ BHAO", parts)
    assert result.external_id


def test_the_message_and_its_parts_are_those_of_the_preview(carrier):
    text, link = posts.text_of(FLOOD, "sms"), posts.short_address(posts.CODE)
    post = replace(carrier.target(PostKind.PUBLICATION), text=text, target_ref="84912345678")
    post = replace(post, publication=replace(BESIDE, link=link))

    carrier.connector.send(post, carrier.account(), key="k", at=carrier.now())

    (message,) = carrier.outside.text_messages()
    shown = next(c for c in looking.cards(FLOOD, address="https://x.vn/1") if c.surface == "sms")
    assert (message["text"], message["parts"]) == (shown.text, shown.segments)


def test_a_message_of_which_only_a_part_was_taken_is_unclear(carrier):
    carrier.outside.fault("SMPP /smpp/submit_sm", "429", probability=1, count=1)
    with pytest.raises(TryLater):
        send(carrier, PLAIN)

    struck = {"n": 0}
    real = line._submit

    def second_refused(*words, **more):
        struck["n"] += 1
        if struck["n"] == 2:
            raise line._Status(0x58)
        return real(*words, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line, "_submit", second_refused)
        with pytest.raises(Unclear) as caught:
            send(carrier, PLAIN)

    assert "một phần" in said(caught.value.reason)


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        (0x58, TryLater),
        (0x14, TryLater),
        (0x08, TryLater),
        (0x0A, ReconnectNeeded),
        (0x0B, Refused),
        (0x99, Refused),
    ],
)
def test_each_answer_of_the_carrier_has_its_meaning(carrier, status, wanted):
    carrier.outside.fault("SMPP /smpp/submit_sm", "sms_error", code=status)

    with pytest.raises(wanted) as caught:
        send(carrier, "Hop thon")

    assert f"(0x{status:02X})" in said(caught.value.reason)
    assert not carrier.outside.text_messages()


def test_the_gateway_takes_a_key_once_and_an_empty_account_waits_for_a_person(outside):
    rig = rigs.GatewayRig(outside)
    first = send(rig, "Hop thon", key="one")
    again = send(rig, "Hop thon", key="one")

    assert first.external_id
    assert again.external_id == "one"
    assert len(outside.text_messages()) == 1

    outside.fault("POST /MainService.svc/", "sms_error", code=103)
    with pytest.raises(ReconnectNeeded) as caught:
        send(rig, "Hop thon", key="two")
    assert "hết tiền" in said(caught.value.reason)


@pytest.mark.parametrize("state", [*errors.NOT_ARRIVED, "DELIVRD", "ENROUTE", ""])
def test_a_receipt_is_read_by_its_words(state):
    words = f"id:abc123 sub:001 dlvrd:001 submit date:2611220800 done date:2611220801 stat:{state} err:000 text:Thong bao"
    found = line.read_receipt(words.encode(), account_ref="MTTQ", at=clock.now())

    if state in {"ENROUTE", ""}:
        assert found is None
        return
    assert found.external_ids == ("abc123",)
    assert found.state == ("delivered" if state == "DELIVRD" else "failed")
    assert (found.reason == "") == (state == "DELIVRD")


@pytest.fixture
def listed(carrier, tree, settings, monkeypatch):
    """A list of xã Bích Hào with three numbers, one of them written twice and one that is none."""
    known = registry.all_connectors() | {"sms": Sms()}
    monkeypatch.setattr(registry, "_installed", lambda: known)
    account = carrier.account()
    settings.CONNECTOR_SETTINGS = settings.CONNECTOR_SETTINGS | {"sms": account.settings}
    at = carrier.now()
    channel = channels.register_channel(
        unit_id=tree["bich_hao"].pk,
        connector_key="sms",
        external_id=account.external_id,
        name="SMS xã Bích Hào",
        secrets=account.secrets,
        by=None,
        at=at,
    )
    text = "0912 345 678\n+84 912.345.678\n0987654321\n\nông Ba\n0356789012"
    done = numbers.add_numbers(channel=channel, text=text, by=None, at=at)
    assert (done.new, done.known, done.bad_lines) == (3, 0, (5,))
    assert numbers.add_numbers(channel=channel, text="0912345678", by=None, at=at).known == 1
    return channel


def publish(channel, at, *, at_any_hour=False, name="n:1"):
    content = outbox.keep_content(title="Họp", text="Toi nay hop thon.", link=BESIDE.link, at=at)
    return outbox.queue_publications(
        content=content,
        channels=[channel],
        key_prefix=name,
        reference=name,
        at=at,
        at_any_hour=at_any_hour,
    )


def work(at):
    while delivery.deliver_once(worker="w", now=lambda: at):
        pass


def states():
    return sorted(OutboundMessage.objects.values_list("state", flat=True))


@pytest.mark.django_db
def test_each_number_gets_it_once_and_the_receipts_say_what_became_of_it(carrier, listed):
    morning = clock.start_of(clock.local_date(carrier.now())) + timedelta(hours=9)
    carrier.outside.limits(sms_outcomes={"84987654321": "UNDELIV"})
    carrier.outside.fault("SMPP /smpp/submit_sm", "drop")

    assert publish(listed, morning) == 3
    assert publish(listed, morning) == 0
    work(morning)

    assert states() == ["sent", "sent", "uncertain"]
    sent = carrier.outside.text_messages()
    assert sorted(m["phone"] for m in sent) == ["84356789012", "84912345678", "84987654321"]
    assert "8491" not in str(list(OutboundMessage.objects.values()))
    assert {one.ending for one in ListedNumber.objects.all()} == {"012", "321", "678"}

    lost = OutboundMessage.objects.get(state="uncertain")
    catch_up.catch_up(channel=listed, at=morning + timedelta(minutes=20))

    assert lost.target_ref
    assert states() == ["confirmed", "failed", "uncertain"]
    failed = OutboundMessage.objects.get(state="failed")
    assert "không chuyển được" in said(failed.trouble)
    assert all(m["receipted"] for m in carrier.outside.text_messages())


@pytest.mark.django_db
def test_nobody_is_woken_at_night_but_for_a_warning_and_who_left_gets_nothing(carrier, listed):
    night = clock.start_of(clock.local_date(carrier.now())) + timedelta(hours=23)
    publish(listed, night)
    publish(listed, night, at_any_hour=True, name="n:2")
    work(night)

    warned = carrier.outside.text_messages()
    assert len(warned) == 3
    waiting = OutboundMessage.objects.filter(reference="n:1")
    assert {m.state for m in waiting} == {"queued"}
    assert {m.not_before for m in waiting} == {night + timedelta(hours=7)}
    assert "ban đêm" in said(waiting[0].trouble)

    assert numbers.erase_number(channel=listed, text="0356 789 012", by=None, at=night)
    work(night + timedelta(hours=7, minutes=1))

    assert len(carrier.outside.text_messages()) == 5
    (gone,) = OutboundMessage.objects.filter(state="failed")
    assert "không còn trong danh sách" in said(gone.trouble)


@pytest.mark.django_db
def test_the_days_quota_is_counted_and_the_rest_waits_for_the_next_morning(
    carrier, listed, monkeypatch
):
    from caunoi.channels.contract import Period, Quota

    monkeypatch.setattr(Sms, "quotas", {PostKind.PUBLICATION: Quota(2, Period.DAY)})
    morning = clock.start_of(clock.local_date(carrier.now())) + timedelta(hours=9)
    publish(listed, morning)
    work(morning)
    work(morning + timedelta(hours=15, minutes=1))

    assert states() == ["queued", "sent", "sent"]

    work(morning + timedelta(hours=21, minutes=2))
    assert len(carrier.outside.text_messages()) == 3
    assert leases.claim_due(limit=5, worker="w", at=morning + timedelta(days=2)) == []
