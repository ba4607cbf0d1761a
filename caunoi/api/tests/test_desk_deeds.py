"""What an officer does beside reading and answering: clock, agencies, cases that belong together, photos, many at once, by key."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from caunoi.answers import importing
from caunoi.api.terms import Scope
from caunoi.api.tests.machines import Machine, key_of, machine_of
from caunoi.cases.models import Case, Referral
from caunoi.cases.tests.factories import make_case, many_cases
from caunoi.files.tests.samples import photo
from caunoi.handling.models import SavedView
from caunoi.kit import clock, sheets
from caunoi.routing.models import Body, Rule
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff


@pytest.fixture
def program(tree):
    return machine_of(tree["bich_hao"])


def opened(program, **more):
    said = {"unit": "xa-bich-hao", "text": "Bao giờ sửa cầu xóm 4?", **more}
    return done(program.post("cases", said), 201)


def done(answer, status=200):
    assert answer.status_code == status, (answer.status_code, answer.content.decode())
    return answer.json() if answer.content else None


def refused(answer, status, **said):
    """The problem is of that status and says these things."""
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert {n: problem.get(n) for n in said} == said
    return problem


def test_the_clock_stands_still_runs_again_and_is_lengthened_once(program):
    at = f"cases/{opened(program, text='Tôi kiến nghị xã làm đường')['number']}"
    before = done(program.get(f"{at}/clock"))

    refused(program.post(f"{at}/question", {"text": "Ở đâu?", "days": 99}), 422, code="TooLong")
    stands = done(program.post(f"{at}/question", {"text": "Ở đâu?", "days": 3}))
    assert stands["waits_until"]
    assert "resume" in stands["offered"]
    refused(program.post(f"{at}/question", {"text": "Ở đâu?", "days": 3}), 409, code="NotNow")
    assert done(program.post(f"{at}/resume"))["pauses"][0]["ended_at"]
    refused(program.post(f"{at}/acceptance", {}), 409, code="NoAcceptance")
    refused(program.post(f"{at}/deadline", {"code": "no.such", "reason": "x"}), 422, code="form")
    if "extension" in before["offered"]:
        longer = done(program.post(f"{at}/extension", {"amount": 5, "reason": "Chờ cấp trên"}))
        assert longer["due_at"] > before["due_at"]
        assert longer["extensions"][0]["reason"] == "Chờ cấp trên"


def test_an_agency_is_asked_by_link_reminded_answers_on_paper_and_is_asked_again(tree, program):
    police = Body.objects.create(
        unit=tree["bich_hao"], kind="police", name="Công an xã", valid_from="2020-01-01"
    )
    number = opened(program)["number"]
    at = f"cases/{number}"
    out = {"to_body": str(police.pk), "reason": "An ninh", "by_mail": False}
    done(program.post(f"{at}/referrals", out), 201)
    hop = Referral.objects.get(case__number=number).pk

    assert program.get(f"{at}/referrals/{hop}/link-paper").content.startswith(b"%PDF-")
    assert done(program.get(f"{at}/referrals/{hop}/link"))["is_open"]
    bad = program.post(f"{at}/referrals/{hop}/link", {"email": "không phải"})
    assert bad.json()["errors"][0]["where"] == "body.given.email"
    done(program.post(f"{at}/referrals/{hop}/link", {"email": ""}), 201)
    assert done(program.post(f"{at}/referrals/{hop}/link/withdrawal")) == {"count": 1}
    refused(program.get(f"{at}/referrals/{hop}/link-paper"), 404)
    done(program.post(f"{at}/reminders", {"note": "Xin trả lời sớm"}))
    letter = {"type": "reminder"}
    assert done(program.post(f"{at}/referrals/{hop}/papers", letter), 201)["symbol"]
    assert len(done(program.get(f"{at}/papers"))) == 1
    came = {"text": "Đã kiểm tra.", "came_by": "paper", "came_on": "2026-11-23", "signer": "Hà"}
    reply = done(program.post(f"{at}/referrals/{hop}/reply", came), 201)
    assert done(program.get(f"{at}/draft"))["text"] == "Đã kiểm tra."
    done(program.post(f"{at}/replies/{reply['id']}/use"))
    done(program.post(f"{at}/replies/{reply['id']}/ask-again", {"reason": "Chưa rõ"}))
    twin = opened(program, asker_name="Vi Văn K")["number"]
    refused(program.post(f"{at}/replies/{reply['id']}/move", {"to": "NA-2026-999999"}), 422)
    refused(program.post(f"{at}/replies/{reply['id']}/move", {"to": twin}), 409)
    new = done(program.get(at))["referrals"][-1]["id"]
    assert done(program.post(f"{at}/referrals/{new}/recall", {"reason": "Tự làm"}))["done_at"]
    refused(program.post(f"{at}/referrals/999/recall", {"reason": "x"}), 404)


def test_the_proposal_is_read_and_taken_or_put_aside(tree, program):
    clinic = Body.objects.create(
        unit=tree["bich_hao"], kind="office", name="Trạm Y tế", valid_from="2020-01-01"
    )
    Rule.objects.create(
        place=tree["bich_hao"], topic_id="y_te", to_body=clinic, valid_from="2020-01-01"
    )
    first, second = (
        opened(program, text="Trạm y tế hết thuốc", topic="y_te")["number"] for _ in range(2)
    )

    assert "Trạm Y tế" in done(program.get(f"cases/{first}/proposal"))["explanation"]
    done(program.post(f"cases/{first}/proposal/accept"))
    done(program.post(f"cases/{second}/proposal/decline"))

    assert Referral.objects.get().case.number == first
    refused(program.post(f"cases/{second}/proposal/accept"), 409)


def test_an_asked_unit_gives_its_opinion_and_a_stranger_sees_nothing(tree, program):
    number = opened(program)["number"]
    beside = machine_of(tree["tri_le"], name="Vi Văn Em")
    asked = {"to_unit": "xa-tri-le", "part": "co", "reason": "Bên đó thế nào?"}
    done(program.post(f"cases/{number}/referrals", asked), 201)
    hop = Referral.objects.get().pk

    said = beside.post(f"cases/{number}/referrals/{hop}/opinion", {"opinion": "Đã trả xong."})

    assert done(said)["opinion"] == "Đã trả xong."
    refused(beside.post(f"cases/{number}/merge", {"into": number}), 403)
    stranger = machine_of(tree["cao_son"], name="Người khác")
    refused(stranger.get(f"cases/{number}/alike"), 404)
    refused(stranger.post(f"cases/{number}/referrals/{hop}/opinion", {"opinion": "x"}), 404)


def test_cases_of_one_asker_are_joined_taken_apart_and_one_message_is_split(tree, program):
    first, second = opened(program)["number"], opened(program)["number"]

    refused(program.post(f"cases/{second}/merge", {"into": "NA-2026-999999"}), 422, code="into")
    assert done(program.post(f"cases/{second}/merge", {"into": first}))["number"] == first
    assert done(program.get(f"cases/{second}"))["state"] == "closed"
    assert done(program.post(f"cases/{second}/unmerge"))["state"] == "open"
    parts = {"first": "Bao giờ sửa cầu?", "second": "Bao giờ có điện?"}
    made = done(program.post(f"cases/{second}/split", parts), 201)
    assert made["title"].startswith("Bao giờ có điện")
    alike = done(program.get(f"cases/{second}/alike"))
    assert {t["case"]["number"] for t in alike["twins"]} == {first}


def test_a_published_answer_is_found_and_becomes_the_draft(tree, program):
    from caunoi.answers import index
    from caunoi.answers.models import PublishedAnswer

    known = PublishedAnswer.objects.create(
        number="NA-2025-000001",
        unit=tree["bich_hao"],
        title="Cầu xóm 4",
        question="Bao giờ sửa cầu xóm 4?",
        answer="Tháng 12.",
        agency="UBND xã",
        published_at=clock.now(),
        approved_by_name="B",
    )
    index.put(known)
    reader = machine_of(tree["bich_hao"], Role.EDITOR, Scope.ANSWERS_READ, name="Đọc")
    number = opened(program)["number"]

    said = reader.post("answers/similar", {"text": "bao gio sua cau xom 4", "unit": "xa-bich-hao"})
    assert [p["number"] for p in done(said)] == [known.number]
    assert done(program.get(f"cases/{number}/alike"))["answers"][0]["number"] == known.number
    draft = program.post(f"cases/{number}/answer-with", {"answer": known.number})
    assert "Tháng 12." in done(draft)["text"]
    strange = {"answer": "NA-2025-000009"}
    refused(program.post(f"cases/{number}/answer-with", strange), 409, code="NotNow")


def test_photos_are_sent_bounded_listed_fetched_released_and_taken_back(tree, program):
    at = f"cases/{opened(program)['number']}/files"
    releases = machine_of(
        tree["bich_hao"], Role.APPROVER, Scope.CASES_READ, Scope.CASES_APPROVE, name="Bình"
    )

    key = {"Idempotency-Key": "anh-1"}
    kept = done(program.send_file(at, photo(size=(40, 30)), **key), 201)
    again = program.send_file(at, photo(size=(40, 30)), **key)
    assert again["Idempotency-Replayed"] == "true"
    refused(program.send_file(at, photo(size=(50, 30)), **key), 422)
    refused(program.send_file(at, b"no picture"), 422, code="NotAPhoto")
    assert [f["id"] for f in done(program.get(at))] == [kept["id"]]
    fetched = program.get(f"{at}/{kept['id']}")
    assert (fetched["Content-Type"], fetched.content[:4]) == ("image/webp", b"RIFF")
    turn = f"{at}/{kept['id']}/state"
    refused(program.put(turn, {"state": "released", "looked": True}), 403, code="scope")
    refused(releases.put(turn, {"state": "released"}), 409, code="NotReleasable")
    said = done(releases.put(turn, {"state": "released", "looked": True}))
    assert said["state"] == "released"
    assert done(releases.put(turn, {"state": "private"}))["state"] == "private"


def test_many_cases_at_once_are_looked_at_done_and_taken_back(tree, program):
    many_cases(unit=tree["bich_hao"], n=6)
    answered = make_case(unit=tree["bich_hao"], state="answered")
    refused(program.post("inbox/bulk", {"do": "topic"}), 422, code="cases")
    numbers = list(Case.objects.values_list("number", flat=True))

    run = done(program.post("inbox/bulk", {"do": "topic", "cases": numbers}), 201)
    at = f"inbox/bulk/{run['id']}"
    refused(program.put(f"{at}/plan", {"topic": "khong_co"}), 422, code="form")
    plan = done(program.put(f"{at}/plan", {"topic": "ha_tang"}))
    assert (plan["todo"], plan["state"]) == (6, "planned")
    assert plan["left_out"][0]["first"] == [answered.number]
    assert done(program.post(f"{at}/start"))["done"] == 6
    refused(program.post(f"{at}/start"), 409, code="RunIsOver")
    assert done(program.post(f"{at}/undo"))["undone"] == 6
    stranger = machine_of(tree["bich_hao"], name="Vi Thị Em")
    refused(stranger.get(at), 404)
    whole = {"do": "assign", "filters": {"view": "todo"}}
    assert done(program.post("inbox/bulk", whole), 201)["total"] == 6


def test_a_view_kept_by_key_stands_in_the_inbox_as_the_current_one(tree):
    officer = make_staff(name="An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)
    program = Machine(key_of(officer, tree["bich_hao"])[1])
    many_cases(unit=tree["bich_hao"], n=3)
    said = {"name": "Cầu đường", "filters": {"topic": "ha_tang", "view": "all"}}

    kept = done(program.post("inbox/views", said), 201)

    page = client_for(officer).get("/hop-thu/?view=all&topic=ha_tang").content.decode()
    assert SavedView.objects.get().query == "view=all&topic=ha_tang"
    assert "Cầu đường" in page
    assert kept["filters"]["topic"] == "ha_tang"
    SavedView.objects.update(query="view=gone&state=nonsense&topic=ha_tang")
    assert done(program.get("inbox/views"))[0]["mine"]
    done(program.put(f"inbox/views/{kept['id']}", {"name": "Cầu"}))
    done(program.delete(f"inbox/views/{kept['id']}"), 204)
    assert done(program.get("inbox/views")) == []


def test_the_list_is_given_as_a_file_and_formulas_stay_text(tree, program):
    opened(program, text="=1+1 Bao giờ sửa cầu?")

    csv = b"".join(program.get("inbox/export?format=csv&view=all").streaming_content).decode()
    xlsx = program.get("inbox/export?view=all")

    assert "'=1+1" in csv
    assert csv.startswith("\ufeffSố,")
    assert xlsx.content.startswith(b"PK")
    assert done(program.get("inbox/counts"))["todo"] == 1


def test_what_was_closed_is_taken_back_by_whoever_closed_it(tree, program):
    number = opened(program)["number"]
    other = machine_of(tree["bich_hao"], name="Vi Thị Em")

    closed = done(program.post(f"cases/{number}/close", {"reason": "Đã làm"}))

    take = f"inbox/recalls/{closed['recall']}/take-back"
    refused(other.post(take), 404)
    assert done(program.post(take))["state"] == "open"
    refused(program.post(take), 409, code="TooLate")


def test_small_things_stars_mentions_canned_answers_previews_and_what_is_hidden(tree, program):
    number = opened(program, text="Gọi tôi 0912345678. Bao giờ sửa cầu?")["number"]
    keeper = machine_of(
        tree["bich_hao"], Role.EDITOR, Scope.CASES_READ, Scope.CASES_WRITE, name="Chi"
    )
    done(program.put(f"cases/{number}/star", {"on": True}), 204)
    assert done(program.get("cases?view=starred"))["items"][0]["number"] == number

    words = {"unit": "xa-bich-hao", "title": "Chào", "shortcut": "chao", "text": "Số {số}."}
    refused(program.post("canned", words), 422)
    made = done(keeper.post("canned", words), 201)
    assert done(program.get(f"cases/{number}/canned?q=chao"))[0]["text"] == f"Số {number}."
    refused(keeper.post("canned", words), 409, code="ShortcutTaken")
    wrong = keeper.post("canned", words | {"text": "{lương}", "shortcut": "x"})
    assert refused(wrong, 422)["errors"][0]["where"] == "text"
    assert not done(keeper.put(f"canned/{made['id']}", words | {"is_active": False}))["is_active"]

    places = done(program.post(f"cases/{number}/preview", {"text": "Tháng 12."}))
    assert "page" in {p["kind"] for p in places}
    hidden = done(program.put(f"cases/{number}/redaction", {"hide": [], "more": "cầu"}))
    assert "cầu" not in hidden["question"]
    assert "0912345678" in hidden["question"]


def test_lists_ask_as_often_for_many_as_for_few(tree):
    officer = make_staff(name="An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)
    program = Machine(key_of(officer, tree["bich_hao"])[1])
    paths = ("inbox/views", "inbox/mentions", "inbox/export?view=all", "papers", "inbox/counts")

    def grow(views, cases):
        many_cases(unit=tree["bich_hao"], n=cases)
        SavedView.objects.bulk_create(
            SavedView(account_id=officer.account_id, name="v", query="q=x", created_at=clock.now())
            for _ in range(views)
        )
        asked = []
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                program.get(path)
            asked.append(len(queries))
        return asked

    grow(1, 5)
    assert grow(1, 5) == grow(15, 2000)


def test_old_answers_are_looked_at_and_brought_in_from_a_sheet(tree):
    keeper = machine_of(
        tree["bich_hao"], Role.EDITOR, Scope.ANSWERS_READ, Scope.ANSWERS_WRITE, name="Giữ"
    )
    good = ("Bao giờ có nước?", "Tháng 5.", "UBND xã", "", "01/02/2025")
    body = sheets.write(importing.HEADER, [good, ("", "Tháng 6.", "", "", "")])

    seen = done(keeper.send_file("library/imports", body, {"unit": "xa-bich-hao"}), 201)
    assert (len(seen["first"]), len(seen["bad"])) == (1, 1)
    at = f"library/imports/{seen['id']}"
    assert done(keeper.post(f"{at}/start"))["state"] == "running"
    assert keeper.get(f"{at}/bad").content.startswith(b"PK")
    assert keeper.get("library/imports/pattern").content.startswith(b"PK")
    refused(keeper.post(f"{at}/undo"), 409, code="TooLate")
    refused(keeper.send_file("library/imports", b"x", {"unit": "xa-bich-hao"}), 422)
    assert done(keeper.get("library"))["items"] == []


def test_uploads_beyond_all_measure_are_refused(program):
    at = f"cases/{opened(program)['number']}/files"

    heavy = program.client.generic(
        "POST",
        f"/api/v1/{at}",
        b"x",
        content_type="multipart/form-data; boundary=b",
        headers={**program.headers, "Content-Length": str(30_000_000)},
        CONTENT_LENGTH=str(30_000_000),
    )
    broken = program.client.generic(
        "POST", f"/api/v1/{at}", b"x", content_type="multipart/form-data", headers=program.headers
    )

    refused(heavy, 413)
    refused(broken, 400)


def test_an_orphan_is_given_to_its_heir(tree, program):
    assert done(program.get("inbox/orphans")) == []
    refused(program.post("inbox/orphans/NA-2026-000001/heir", {"unit": "xa-bich-hao"}), 404)
