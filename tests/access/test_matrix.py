"""Every URL × role × relation: who gets in, who gets 404, who is asked to sign in. A URL without a row fails."""

import csv
import uuid
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from caunoi.cases.models import Case
from caunoi.channels import actions as channels
from caunoi.duty import actions as duty
from caunoi.inbox.models import RawDelivery
from caunoi.journeys import ask_and_answer
from caunoi.kit import clock, keyring
from caunoi.outbox.models import OutboundMessage
from caunoi.staff.models import Account, Invitation, RoleGrant
from caunoi.staff.rules import permissions_of
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.statements.tests import doors as statements
from caunoi.treasury.tests import ground as treasury
from caunoi.units import actions as unit_actions
from caunoi.units.models import UnitEvent
from caunoi.units.tests.factories import small_tree
from caunoi.voters.models import VoterMeeting
from tests.access.goods_objects import goods_objects
from tests.access.house_objects import house_objects, work_objects
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
ROWS = [
    row
    for room in sorted((Path(__file__).parent / "rows").glob("*.csv"))
    for row in csv.DictReader(room.open(encoding="utf-8"))
]
RELATIONS = {
    "own": "bich_hao",
    "ancestor": "nghe_an",
    "descendant": "village",
    "sibling": "tri_le",
    "other": "cao_son",
}
GRANTED = {"own", "descendant"}
"""Roles are held in xã Bích Hào: they reach it and what lies below, nothing else."""
LET_IN = {200, 302, 400, 410, 422, 503}


def names_in(patterns, namespace=""):
    for p in patterns:
        if hasattr(p, "url_patterns"):
            inner = f"{namespace}{p.namespace}:" if p.namespace else namespace
            yield from names_in(p.url_patterns, inner)
        elif p.name:
            yield f"{namespace}{p.name}"


@pytest.fixture
def world(settings, tmp_path):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    tree = small_tree()
    return {relation: objects_of(tree[word], relation) for relation, word in RELATIONS.items()} | {
        "tree": tree
    }


def objects_of(unit, relation):
    """One of everything in that unit, and how its URL is called."""
    asked = ask_and_answer.ask_on_web(
        unit_id=unit.pk,
        text=f"Đường vào xóm hỏng rồi, {relation}",
        form_key=f"f-{relation}",
        contact="0912345678",
        at=MONDAY,
    )
    sealed = ask_and_answer.ask_on_web(
        unit_id=unit.pk, text="Tôi khiếu nại quyết định số 5", form_key=f"s-{relation}", at=MONDAY
    )
    answered = ask_and_answer.ask_on_web(
        unit_id=unit.pk, text="Bao giờ có điện sáng?", form_key=f"g-{relation}", at=MONDAY
    )
    from caunoi.answers.models import PublishedAnswer

    PublishedAnswer.objects.create(
        number=answered.number,
        unit=unit,
        title="t",
        question="q",
        answer="a",
        agency="x",
        published_at=MONDAY,
        approved_by_name="B",
    )
    channel = channels.register_channel(
        unit_id=unit.pk,
        connector_key="loopback",
        external_id=f"c-{relation}",
        name="Kênh",
        by=None,
        at=MONDAY,
    )
    send = OutboundMessage.objects.create(
        key=f"k-{relation}",
        channel=channel,
        kind="private_message",
        target_ref="p",
        thread_ref="p",
        text="t",
        reference="r",
        state="uncertain",
        not_before=MONDAY,
        created_at=MONDAY,
    )
    account = make_staff(name=f"Người {relation}", unit_id=unit.pk, role=Role.VIEWER)
    grant = RoleGrant.objects.get(account_id=account.account_id)
    invitation = Invitation.objects.create(
        email=f"{relation}@x.example", full_name="M", unit=unit, role="viewer", invited_at=MONDAY
    )
    delivery = RawDelivery.objects.create(
        connector_key="loopback",
        app_id="a",
        body_sha256=relation.encode().ljust(32),
        body=b"{}",
        received_at=MONDAY,
        state="done",
    )
    alarm = duty.raise_alarm(
        case_id=uuid.uuid4(),
        number=f"X-{relation}",
        kind="emergency",
        is_sealed=False,
        unit_id=unit.pk,
        at=MONDAY,
    )
    meeting = VoterMeeting.objects.create(
        unit=unit,
        held_on=MONDAY.date(),
        place="Nhà văn hoá",
        level="commune",
        delegates="Đại biểu",
        entered_at=MONDAY,
        entered_by_id=account.account_id,
    )
    return {
        "none": {},
        "case": {"number": asked.number},
        "case_deed": {"number": asked.number, "deed": "hoi-lai"},
        "sealed": {"number": sealed.number},
        "sealed_deed": {"number": sealed.number, "deed": "hoi-lai"},
        "answer": {"number": answered.number},
        "site_map": {"section": "hoi-dap"},
        "figures": {"slug": unit.slug, "ending": "csv"},
        "follow_word": {"word": "khong-phai-cua-ai"},
        "channel": {"pk": channel.pk},
        "send": {"pk": send.pk},
        "person": {"pk": account.account_id},
        "grant": {"pk": account.account_id, "grant_pk": grant.pk},
        "invitation": {"pk": invitation.pk},
        "delivery": {"pk": delivery.pk},
        "meeting": {"pk": meeting.pk},
        "alarm": {"pk": alarm.pk},
        "deadline": {"code": "feedback.answer"},
        "day": {"day": MONDAY.date()},
        "unit": {"slug": unit.slug},
        "unit_event": {"slug": unit.slug, "kind": "giai-the"},
        "future_event": {"slug": unit.slug, "event_pk": future_event_of(unit).pk},
        "hook": {"connector_key": "loopback", "app_id": "none"},
        "token": {"token": "x"},
        **handling_objects(unit, account.account_id),
        "session": {"pk": 0},
        **import_objects(unit, account.account_id),
        **routing_objects(unit),
        **paper_objects(unit, account.account_id),
        **hop_objects(asked, unit),
        **privacy_objects(asked, account.account_id),
        **file_objects(asked, sealed),
        **machine_objects(unit, asked, account.account_id),
        **plan_objects(unit, account.account_id),
        **receipt_objects(unit, account),
        **asset_objects(unit, account.account_id, relation),
        **notice_objects(unit, account.account_id),
        **house_objects(unit, account.account_id, relation),
        **work_objects(unit, account.account_id),
        **treasury.doors_of(unit, account.account_id),
        **statements.doors_of(unit, account.account_id, relation),
        **campaign_objects(unit, account.account_id),
        **goods_objects(unit, account.account_id, relation),
    }


def campaign_objects(unit, account_id):
    """A draft of the unit; one that is open and ended, with a need, a promise and a duty to publish."""
    from caunoi.campaigns import actions as campaigns
    from caunoi.campaigns.models import Campaign, Need, Publication
    from caunoi.funds import actions as funds

    funds.know_common_commodities()
    word = uuid.uuid4().hex[:8]
    made = {"unit": unit, "area": unit, "kind": "poor", "title": f"Vận động {word}"}
    made |= {"starts_on": MONDAY.date(), "written_by_id": account_id, "written_at": MONDAY}
    made |= {"bank": "970436", "account_number": "1017588888"}
    made |= {"bank_name": "Vietcombank", "account_holder": "QUY CUU TRO"}
    draft = Campaign.objects.create(slug=f"d-{word}", **made)
    fund = funds.open_fund(unit_id=unit.pk, name=f"Sổ {word}", on=MONDAY.date(), at=MONDAY)
    approver = make_staff(name="Người duyệt", unit_id=unit.pk, role=Role.VIEWER)
    made |= {"approved_by_id": approver.account_id, "approved_at": MONDAY, "fund": fund}
    shown = Campaign.objects.create(slug=f"m-{word}", state="open", **made)
    campaigns.give_code(campaign=shown)
    Publication.objects.create(
        campaign=draft, duty="appeal", due_on=MONDAY.date(), source="NĐ 93/2021/NĐ-CP"
    )
    need = Need.objects.create(
        campaign=draft,
        unit=unit,
        commodity_id="goat",
        amount=1,
        confirmed_until=MONDAY.date(),
        said_by_id=account_id,
        said_at=MONDAY,
    )
    gift = campaigns.promise(campaign=shown, commodity="VND", amount=50_000, at=MONDAY, fields={})
    nobody = UUID(int=7)
    return {
        "campaign": {"pk": draft.pk},
        "open_campaign": {"pk": shown.pk},
        "campaign_deed": {"pk": draft.pk, "deed": "gui-duyet"},
        "campaign_duty": {"pk": draft.pk, "duty": "appeal"},
        "campaign_picture": {"pk": draft.pk, "picture_pk": nobody},
        "need": {"pk": need.pk},
        "public_campaign": {"slug": shown.slug},
        "campaign_qr": {"slug": shown.slug, "form": "svg"},
        "gone_campaign_picture": {"slug": shown.slug, "pk": nobody},
        "promise": {"code": gift.code.text},
        "promise_qr": {"code": gift.code.text, "form": "png"},
    }


def asset_objects(unit, account_id, relation):
    """One thing of the unit in the register of channels."""
    from caunoi.custody.models import Asset, Keeper

    asset = Asset.objects.create(
        unit=unit,
        kind="sim",
        name=f"SIM {relation}",
        state="registered",
        asked_at=MONDAY,
        changed_at=MONDAY,
    )
    keeper = Keeper.objects.create(asset=asset, account_id=account_id, since=MONDAY.date())
    return {"asset": {"pk": asset.pk}, "asset_keeper": {"pk": asset.pk, "number": keeper.pk}}


def plan_objects(unit, account_id):
    """A plan for closing units with one unit and one thing."""
    from caunoi.reform.models import Closing, Plan, Step

    plan = Plan.objects.create(
        root=unit, on_date=date(2099, 1, 1), made_at=MONDAY, made_by_id=account_id
    )
    closing = Closing.objects.create(
        plan=plan, unit=unit, name="X", short_name="X", level="commune", way="one"
    )
    step = Step.objects.create(
        plan=plan, closing=closing, holder="channels", ref="x", label="Trang"
    )
    return {
        "plan": {"pk": plan.pk},
        "plan_unit": {"pk": plan.pk, "closing_pk": closing.pk},
        "plan_step": {"pk": plan.pk, "step_pk": step.pk},
        "plan_deed": {"pk": plan.pk, "deed": "thu"},
    }


def receipt_objects(unit, account):
    """A notice that went out to the unit alone, what of it waits to be posted by hand, and a link that counts."""
    from caunoi.receipts import actions
    from caunoi.receipts.tests.ground import make_channel, make_notice, make_send

    notice, channel = make_notice(unit=unit, by=account, reach="self"), make_channel(unit=unit)
    code = actions.make_links(notice=notice, channels=[channel])[channel.pk]
    from caunoi.notices.models import NoticeAttachment

    beside = NoticeAttachment.objects.create(
        notice=notice, name="a.pdf", size_bytes=1, sha256=b"x", body=b"%PDF-"
    )
    return {
        "told": {"number": notice.number},
        "told_file": {"number": notice.number, "file_pk": beside.pk},
        "handed": {"pk": make_send(notice=notice, channel=channel).pk},
        "told_send": {"number": notice.number, "pk": UUID(int=7)},
        "short_link": {"code": code},
    }


def notice_objects(unit, account_id):
    """A draft of the unit, and a warning it has told everybody, each with a picture."""
    from caunoi.notices.models import Notice, NoticeAttachment, NoticePicture

    made = {"unit": unit, "title": "t", "created_at": MONDAY, "created_by_id": account_id}
    made |= {"edited_at": MONDAY, "edited_by_id": account_id}
    draft = Notice.objects.create(number=f"d{uuid.uuid4().hex[:8]}", kind="notice", **made)
    told = Notice.objects.create(
        number=f"t{uuid.uuid4().hex[:8]}",
        kind="warning",
        state="done",
        published_at=MONDAY,
        **made,
    )
    shape = {"order": 0, "media_type": "image/webp", "width": 1, "height": 1, "size_bytes": 1}
    shape |= {"sha256": b"x", "body": b"x", "preview": b"x"}
    of_draft, of_told = (NoticePicture.objects.create(notice=n, **shape) for n in (draft, told))
    file = NoticeAttachment.objects.create(
        notice=told, name="a.pdf", size_bytes=1, sha256=b"x", body=b"%PDF-"
    )
    return {
        "notice": {"pk": draft.pk},
        "notice_picture": {"pk": draft.pk, "picture_pk": of_draft.pk},
        "public_notice": {"number": told.number},
        "gone_notice": {"number": "khong-co"},
        "public_picture": {"number": told.number, "picture_pk": of_told.pk},
        "public_file": {"number": told.number, "file_pk": file.pk},
        **voice_objects(draft, told, account_id),
    }


def voice_objects(draft, told, account_id):
    """A recording of the draft, its reading by machine, somebody who reads the language; and what nobody has."""
    from caunoi.notices.models import LanguageReader, SpokenScript, Variant, VariantContent

    variant = Variant.objects.create(
        notice=draft,
        language="hmn",
        form="audio",
        of_version=1,
        author_id=account_id,
        edited_at=MONDAY,
        media_type="audio/webm",
        size_bytes=1,
    )
    VariantContent.objects.create(variant=variant, body=b"x")
    SpokenScript.objects.create(
        notice=draft,
        script="t",
        state="ready",
        seconds=1,
        mp3=b"x",
        asked_by_id=account_id,
        asked_at=MONDAY,
    )
    reader = LanguageReader.objects.create(
        unit_id=draft.unit_id,
        account_id=account_id,
        language="km",
        named_by_id=account_id,
        named_at=MONDAY,
    )
    return {
        "voice": {"pk": draft.pk, "language": "hmn", "form": "audio"},
        "language_reader": {"pk": reader.pk},
        "gone_language": {"number": "khong-co", "tag": "hmn"},
        "gone_voice": {"number": "khong-co", "pk": variant.pk},
        "board_language": {"slug": draft.unit.slug, "tag": "hmn"},
    }


def file_objects(asked, sealed):
    """A photo of a case, one of a sealed case, and one that still waits for its question."""
    from caunoi.files import actions as files
    from caunoi.files.tests.samples import photo

    batch, content = files.new_batch(), photo(size=(20, 20))
    of_case = files.keep_photo(content=content, case_id=asked.pk, at=MONDAY)
    of_sealed = files.keep_photo(content=content, case_id=sealed.pk, at=MONDAY)
    waits = files.keep_photo(content=content, batch=batch, at=clock.now())
    return {
        "file": {"number": asked.number, "pk": of_case.pk},
        "sealed_file": {"number": sealed.number, "pk": of_sealed.pk},
        "waiting": {"batch": batch, "pk": waits.pk},
    }


def machine_objects(unit, case, account_id):
    """A key and a webhook of the unit, and how city apps name the case."""
    from caunoi.api.models import ApiKey
    from caunoi.open311 import actions as open311
    from caunoi.webhooks.models import Endpoint

    key = ApiKey.objects.create(
        prefix=uuid.uuid4().hex[:8],
        hashed=b"x",
        name="k",
        unit=unit,
        account_id=account_id,
        made_by_id=account_id,
        scopes=["cases:read"],
        made_at=MONDAY,
        ends_on=MONDAY.date(),
    )
    endpoint = Endpoint.objects.create(
        unit=unit,
        name="w",
        url="http://127.0.0.1:9/",
        events=["case.opened"],
        made_at=MONDAY,
        made_by_id=account_id,
    )
    return {
        "api_key": {"pk": key.pk},
        "endpoint": {"pk": endpoint.pk},
        "open311": {"form": "xml"},
        "open311_service": {"form": "json", "code": "ha_tang"},
        "open311_request": {"form": "json", "number": case.number},
        "open311_token": {"form": "xml", "token": open311.token_of(case)},
    }


def handling_objects(unit, account_id):
    from caunoi.handling.models import BulkRun, CannedAnswer, Recall

    run = BulkRun.objects.create(account_id=account_id, do="assign", made_at=MONDAY)
    canned = CannedAnswer.objects.create(
        unit=unit, title="Mẫu", shortcut="m", text="t", changed_at=MONDAY, changed_by_id=account_id
    )
    case = Case.objects.filter(owner=unit).first()
    recall = Recall.objects.create(
        case=case, account_id=account_id, deed="approve", made_at=MONDAY, until=MONDAY
    )
    return {
        "run": {"pk": run.pk},
        "canned": {"pk": canned.pk},
        "recall": {"pk": recall.pk},
    }


def privacy_objects(case, account_id):
    from caunoi.documents.models import Paper
    from caunoi.privacy import actions
    from caunoi.privacy.models import Hold, Incident

    request = actions.ask_erasure(case=case, words="Xin xoá", at=MONDAY)
    Hold.objects.create(case=case, reason="Giữ", at=MONDAY, by_id=account_id)
    incident = Incident.objects.create(
        unit_id=case.owner_id,
        what="Mất máy",
        paper=Paper.objects.filter(unit_id=case.owner_id).first(),
        found_at=MONDAY,
        due_at=MONDAY,
        data_kinds="Tên",
        measures="Khoá",
        entered_at=MONDAY,
        entered_by_id=account_id,
    )
    return {
        "incident": {"pk": incident.pk},
        "incident_file": {"pk": incident.pk, "file_format": "docx"},
        "data_request": {"pk": request.pk},
        "hold": {"pk": case.pk},
        "retention_rule": {"code": "question"},
    }


def import_objects(unit, account_id):
    from caunoi.answers.models import AnswerImport

    made = AnswerImport.objects.create(
        unit=unit, account_id=account_id, file_name="cu.xlsx", made_at=MONDAY
    )
    return {"answer_import": {"pk": made.pk}}


def routing_objects(unit):
    from caunoi.routing.models import Body, Rule

    body = Body.objects.create(unit=unit, kind="office", name="Phòng", valid_from=MONDAY.date())
    rule = Rule.objects.create(place=unit, to_body=body, valid_from=MONDAY.date())
    return {"body": {"pk": body.pk}, "rule": {"pk": rule.pk}, "topic": {"code": "nong_nghiep"}}


def paper_objects(unit, account_id):
    from caunoi.documents import queries, rules
    from caunoi.documents.models import Paper
    from caunoi.documents.terms import Sheet

    head = queries.head_of(unit_id=unit.pk, on=MONDAY.date())
    sheet = Sheet(
        head, "01/MTTQ", rules.date_line(place="X", on=MONDAY.date()), "", "s", "a", ("p",)
    )
    paper = Paper.objects.create(
        unit=unit,
        year=2020,
        number=1,
        symbol=sheet.number,
        paper_type="reminder",
        subject="s",
        addressee="a",
        reference="case:x",
        sheet=sheet.as_json(),
        issued_at=MONDAY,
        issued_by_id=account_id,
    )
    return {"paper": {"pk": paper.pk}, "paper_file": {"pk": paper.pk, "file_format": "docx"}}


def future_event_of(unit):
    unit_actions.rename_unit(
        unit_id=unit.pk,
        full_name="Tên mới",
        on=date(2099, 1, 1),
        legal_reference="Nghị quyết thử",
        by=None,
        at=MONDAY,
    )
    return UnitEvent.objects.latest("pk")


def hop_objects(case, unit):
    """An open hop out of the unit to a body without account, its link, and what the body wrote."""
    from caunoi.cases.models import AgencyLink, AgencyReply, Referral
    from caunoi.routing.models import Body

    body = Body.objects.create(unit=unit, kind="police", name="CA", valid_from=MONDAY.date())
    hop = Referral.objects.create(
        case=case,
        part="lead",
        way="out",
        from_unit=unit,
        to_body=body,
        to_name="CA",
        sent_at=MONDAY,
    )
    AgencyLink.objects.create(
        referral=hop, made_at=MONDAY, expires_at=MONDAY.replace(year=MONDAY.year + 9)
    )
    reply = AgencyReply.objects.create(referral=hop, kind="late", text="t", at=MONDAY)
    keys = {"number": case.number, "pk": hop.pk}
    return {
        "hop": keys,
        "hop_of_body": {"pk": hop.pk},
        "reply": {"number": case.number, "pk": reply.pk},
    }


def test_every_url_has_a_row():
    known = {row["url_name"] for row in ROWS}

    assert set(names_in(get_resolver().url_patterns)) - known == set()


def test_no_row_is_left_over():
    known = {row["url_name"] for row in ROWS}

    assert known - set(names_in(get_resolver().url_patterns)) == set()


def ask(client, row, objects):
    try:
        address = reverse(row["url_name"], kwargs=objects[row["object"]])
    except NoReverseMatch:
        return None
    return client.post(address) if row["method"] == "POST" else client.get(address)


@pytest.mark.parametrize("role", [*Role, None], ids=str)
@pytest.mark.parametrize("crossed", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_doors(world, role, crossed):
    surprises = []
    staff = (
        make_staff(name="Nguyễn Thị An", unit_id=world["tree"]["bich_hao"].pk, role=role)
        if role
        else None
    )
    for relation in RELATIONS:
        client = client_for(staff) if staff else Client()
        for row in ROWS:
            if row["needs"] == "library" or not (crossed or tells(row, role, relation)):
                continue
            answer = ask(client, row, world[relation])
            got_in = (
                answer is not None
                and answer.status_code in LET_IN
                and "/tai-khoan/" not in answer.headers.get("Location", "")
            )
            if got_in != expected(row, role, relation):
                surprises.append(
                    (row["url_name"], relation, answer.status_code if answer else None)
                )
    assert surprises == []


def tells(row, role, relation):
    """True when asking tells something new.

    A door that names nothing is one door for all relations. A public page asks nobody who he is: nobody tries it in his
    own unit and a stranger's, a role its own. A door that opens by key takes no session: an administrator's stands for
    all. Who may not do it anywhere, or has not signed in, is sent away before anybody asks whose it is: one door each.
    The long form tries everything everywhere.
    """
    if row["object"] == "none":
        return relation == "own"
    if row["answers"] == "401":
        return role in {None, Role.ADMINISTRATOR} and relation == "own"
    if row["needs"] == "public":
        return relation == "own" or (role is None and relation == "other")
    return relation == "own" or (role is not None and may(row, role))


def may(row, role):
    return row["needs"] == "signed_in" or row["needs"] in {p.value for p in permissions_of(role)}


def expected(row, role, relation):
    if row["needs"] == "public":
        return row["answers"] not in {"404", "401"}
    if role is None:
        return False
    if row["needs"] == "signed_in":
        return row["answers"] != "404"
    if row["needs"] not in {p.value for p in permissions_of(role)}:
        return False
    if row["object"] in {"none", "delivery"} or row["everywhere"] == "yes":
        return row["answers"] != "404"
    below = {"ancestor"} if row["everywhere"] == "below" else set()
    """What a unit has begun holds for those below, who see their own part of it."""
    return relation in GRANTED | below and row["answers"] != "404"


def test_a_disabled_account_is_out_at_once(world):
    staff = make_staff(
        name="Nguyễn Thị An", unit_id=world["tree"]["bich_hao"].pk, role=Role.CASE_OFFICER
    )
    client = client_for(staff)
    assert client.get("/hom-nay/").status_code == 200

    Account.objects.filter(pk=staff.account_id).update(is_active=False)

    assert client.get("/hom-nay/").status_code == 302


def test_an_approver_without_second_factor_is_sent_to_set_it_up(world):
    from allauth.mfa.models import Authenticator

    staff = make_staff(
        name="Trần Văn Bình", unit_id=world["tree"]["bich_hao"].pk, role=Role.APPROVER
    )
    Authenticator.objects.all().delete()

    answer = client_for(staff).get("/hop-thu/")

    assert answer.headers["Location"].endswith("/totp/activate/")


def test_nobody_sees_the_cases_of_another_province_in_any_list(world):
    staff = make_staff(
        name="Nguyễn Thị An", unit_id=world["tree"]["bich_hao"].pk, role=Role.CASE_OFFICER
    )
    foreign = Case.objects.filter(owner=world["tree"]["cao_son"]).values_list("number", flat=True)
    client = client_for(staff)

    for address in (
        "/hop-thu/?view=all",
        "/hom-nay/",
        "/tim/?q=duong",
        "/hop-thu/?view=all&q=duong",
        "/quan-tri/gui-di/",
    ):
        page = client.get(address).content.decode()
        assert not any(number in page for number in foreign), address
