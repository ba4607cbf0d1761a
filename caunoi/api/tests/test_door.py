"""Keys, limits and repeated requests."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from caunoi.api import actions, description, queries, rules
from caunoi.api.door import PER_KEY
from caunoi.api.models import ApiKey, KeptAnswer, KeyUse
from caunoi.api.terms import BeyondTheAccount, NotYourKey, OnlyForOneself, Scope
from caunoi.api.tests.machines import Machine, key_of, machine_of
from caunoi.cases.models import Case
from caunoi.kit import clock, keyring
from caunoi.kit.models import AuditEntry
from caunoi.routing.models import Body
from caunoi.staff.models import Account, RoleGrant
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.tests.factories import small_tree

OPEN = {"unit": "xa-bich-hao", "text": "Bao giờ sửa cầu xóm 4?"}


def test_without_a_key_or_with_a_wrong_one_nothing_opens(tree):
    for words in ("", "caunoi_aaaaaaaa_" + "x" * 43, "nonsense"):
        answer = Machine(words).get("cases")
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_browser_session_counts_for_nothing(tree):
    officer = make_staff(name="An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)

    assert client_for(officer).get("/api/v1/cases").status_code == 401


def test_the_secret_is_stored_nowhere(tree):
    officer = make_staff(name="An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)

    key, words = key_of(officer, tree["bich_hao"])

    secret = words.rpartition("_")[2]
    assert secret.encode() not in bytes(key.hashed)
    assert not AuditEntry.objects.filter(after__icontains=secret).exists()
    assert words.startswith(f"caunoi_{key.prefix}_")


@pytest.mark.parametrize("end", ["revoked", "expired", "account", "role", "factor"])
def test_a_key_ends_with_what_it_rests_on(tree, end):
    from allauth.mfa.models import Authenticator

    role = Role.APPROVER if end == "factor" else Role.CASE_OFFICER
    officer = make_staff(name="An", unit_id=tree["bich_hao"].pk, role=role)
    key, words = key_of(officer, tree["bich_hao"])
    assert Machine(words).get("cases").status_code == 200

    if end == "revoked":
        actions.revoke_key(key=key, by=officer, at=clock.now())
    elif end == "expired":
        ApiKey.objects.update(ends_on=clock.local_date(clock.now()) - timedelta(days=1))
    elif end == "account":
        Account.objects.filter(pk=officer.account_id).update(is_active=False)
    elif end == "factor":
        Authenticator.objects.all().delete()
    else:
        RoleGrant.objects.all().delete()

    answer = Machine(words).get("cases")
    if end == "role":
        assert answer.json()["items"] == []
        assert Machine(words).post("cases", OPEN).status_code == 403
    else:
        assert answer.status_code == 401


SCOPED = [
    ("GET", "cases", Scope.CASES_READ),
    ("POST", "cases", Scope.CASES_WRITE),
    ("GET", "cases/NA-2026-000001", Scope.CASES_READ),
    ("POST", "cases/NA-2026-000001/notes", Scope.CASES_WRITE),
    ("PUT", "cases/NA-2026-000001/draft", Scope.CASES_WRITE),
    ("POST", "cases/NA-2026-000001/approve", Scope.CASES_APPROVE),
    ("POST", "cases/NA-2026-000001/return", Scope.CASES_APPROVE),
    ("GET", "answers", Scope.ANSWERS_READ),
    ("PUT", "answers/NA-2026-000001/validity", Scope.ANSWERS_WRITE),
    ("GET", "webhooks", Scope.WEBHOOKS_MANAGE),
    ("POST", "webhooks", Scope.WEBHOOKS_MANAGE),
    ("GET", "sealed", Scope.CASES_SEALED),
    ("POST", "sealed/NA-2026-000001/acceptance", Scope.CASES_SEALED),
    ("GET", "asked", Scope.AGENCY_ANSWER),
    ("POST", "cases/NA-2026-000001/extension", Scope.CASES_WRITE),
    ("PUT", "cases/NA-2026-000001/files/00000000-0000-0000-0000-000000000000/state", Scope.CASES_APPROVE),
    ("GET", "inbox/export", Scope.CASES_READ),
    ("GET", "library/imports", Scope.ANSWERS_WRITE),
]  # fmt: skip
# what is taken back needs the right of what was done; the others tell what is no secret
NO_SCOPE = {"me", "find_units", "read_unit", "list_topics", "list_bodies", "take_back"}


def test_every_operation_names_the_scope_it_needs():
    operations = [o for path in description.schema()["paths"].values() for o in path.values()]
    scopes = {o["operationId"]: o.get("x-scope") for o in operations}

    assert {name for name, scope in scopes.items() if scope is None} == NO_SCOPE
    assert {s for s in scopes.values() if s} == set(Scope) - {Scope.OPEN311_WRITE}


@pytest.mark.parametrize("scope", Scope)
def test_each_scope_opens_its_own_operations_and_no_others(tree, scope):
    """An account that may everything, a key for one thing."""
    account = make_staff(name="Chi", unit_id=tree["bich_hao"].pk, role=Role.ADMINISTRATOR)
    more = RoleGrant.objects.get(account_id=account.account_id)
    more.pk, more.role = None, Role.APPROVER.value
    more.save(force_insert=True)
    body = Body.objects.create(
        unit=tree["bich_hao"], kind="police", name="CA", valid_from="2020-01-01"
    )
    if scope == Scope.AGENCY_ANSWER:
        with pytest.raises(BeyondTheAccount):
            key_of(account, tree["bich_hao"], scope)
    body.members.add(Account.objects.get(pk=account.account_id))
    machine = Machine(key_of(account, tree["bich_hao"], scope)[1])

    for method, path, needed in SCOPED:
        answer = machine.ask(method, path, {} if method != "GET" else None)
        refused = answer.status_code == 403 and answer.json().get("code") == "scope"
        assert refused == (needed != scope), (method, path, answer.status_code)
    assert machine.get("me").json()["scopes"] == [scope.value]


def test_a_key_never_reaches_beyond_its_unit(tree):
    province = make_staff(name="Giang", unit_id=tree["nghe_an"].pk, role=Role.CASE_OFFICER)
    machine = Machine(key_of(province, tree["bich_hao"])[1])

    assert machine.post("cases", OPEN).status_code == 201
    assert machine.post("cases", {**OPEN, "unit": "xa-tri-le"}).status_code == 403


def test_nobody_makes_a_key_for_more_than_the_account_may(tree):
    viewer = make_staff(name="Xem", unit_id=tree["bich_hao"].pk, role=Role.VIEWER)
    officer = make_staff(name="An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)
    chi = make_staff(name="Chi", unit_id=tree["bich_hao"].pk, role=Role.ADMINISTRATOR)
    binh = make_staff(name="Bình", unit_id=tree["bich_hao"].pk, role=Role.APPROVER)

    with pytest.raises(BeyondTheAccount):
        key_of(viewer, tree["bich_hao"], Scope.CASES_WRITE)
    with pytest.raises(BeyondTheAccount):
        key_of(officer, tree["tri_le"])
    with pytest.raises(NotYourKey):
        key_of(officer, tree["bich_hao"], by=viewer)
    with pytest.raises(OnlyForOneself):
        key_of(binh, tree["bich_hao"], Scope.CASES_APPROVE, by=chi)
    assert key_of(officer, tree["bich_hao"], by=chi)


def test_whoever_made_the_key_is_not_the_second_person_either():
    assert not rules.may_stand_for(account_id=1, made_by_id=2, author_id=2, account_is_author=False)
    assert rules.may_stand_for(account_id=1, made_by_id=1, author_id=2, account_is_author=False)


def test_after_six_hundred_requests_it_waits(tree, monkeypatch):
    machine = machine_of(tree["bich_hao"])
    first = machine.get("me")
    assert first["RateLimit-Remaining"] == str(PER_KEY.tries - 1)
    assert first["RateLimit-Policy"] == '"key";q=600;w=600'
    small = type(PER_KEY)("api-key-small", tries=3, per=timedelta(minutes=10))
    monkeypatch.setattr("caunoi.api.door.PER_KEY", small)

    codes = [machine.get("me").status_code for _ in range(4)]
    refused = machine.get("me")

    assert codes == [200, 200, 200, 429]
    assert 0 < int(refused["Retry-After"]) <= 200
    assert refused["RateLimit-Remaining"] == "0"


def test_the_same_request_again_gets_the_same_answer_and_changes_nothing(tree):
    machine = machine_of(tree["bich_hao"])
    once = {"Idempotency-Key": "phieu-17"}

    first = machine.post("cases", OPEN, **once)
    again = machine.post("cases", OPEN, **once)
    other = machine.post("cases", {**OPEN, "text": "Câu khác"}, **once)

    assert again.content == first.content
    assert again.status_code == 201
    assert again["Idempotency-Replayed"] == "true"
    assert again["Location"] == first["Location"]
    assert other.status_code == 422
    assert Case.objects.count() == 1


def test_what_failed_is_not_kept(tree):
    machine = machine_of(tree["bich_hao"])
    once = {"Idempotency-Key": "phieu-18"}

    assert machine.post("cases", {**OPEN, "unit": "xa-khong-co"}, **once).status_code == 422
    assert KeptAnswer.objects.count() == 0
    assert machine.post("cases", OPEN, **once).status_code == 201


def test_another_keys_word_is_another_request(tree):
    one = machine_of(tree["bich_hao"])
    two = machine_of(tree["bich_hao"], name="Vi Thị Em")
    once = {"Idempotency-Key": "1"}

    assert one.post("cases", OPEN, **once).json() != two.post("cases", OPEN, **once).json()


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_open_one_case(settings, tmp_path, monkeypatch):
    settings.CAUNOI_KEYRING_FILE = tmp_path / "keyring.json"
    keyring.add_key(settings.CAUNOI_KEYRING_FILE)
    machine = machine_of(small_tree()["bich_hao"])
    inside, answers = threading.Barrier(2, timeout=20), []
    real = actions.keep_answer

    def slow(**more):
        inside.wait()  # the second asks now
        inside.wait()  # and has its answer
        real(**more)

    monkeypatch.setattr("caunoi.api.actions.keep_answer", slow)

    def first():
        answers.append(machine.post("cases", OPEN, **{"Idempotency-Key": "x"}).status_code)
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    inside.wait()
    second = machine.post("cases", OPEN, **{"Idempotency-Key": "x"})
    inside.wait()
    thread.join()
    monkeypatch.setattr("caunoi.api.actions.keep_answer", real)
    third = machine.post("cases", OPEN, **{"Idempotency-Key": "x"})

    assert answers == [201]
    assert second.status_code == 409
    assert third.status_code == 201
    assert third["Idempotency-Replayed"] == "true"
    assert Case.objects.count() == 1


def test_uses_are_counted_by_day_and_read_once_on_record(tree):
    machine = machine_of(tree["bich_hao"])
    for _ in range(3):
        machine.get("me")

    use = KeyUse.objects.get()
    assert (use.operation, use.times) == ("GET api/v1/me", 3)
    assert AuditEntry.objects.filter(event="api.key.used").count() == 1
    assert ApiKey.objects.get().used_on == clock.local_date(clock.now())


def test_problems_speak_vietnamese_or_english(tree):
    machine = machine_of(tree["bich_hao"])

    vi = machine.get("cases/NA-2026-999999")
    en = machine.get("cases/NA-2026-999999", **{"Accept-Language": "en-GB,en"})

    assert vi.json()["detail"] == "Không có vụ việc số này mà khóa được xem."
    assert en.json()["detail"] == "No case of this number that this key may see."
    assert vi.json()["status"] == 404
    assert vi.json()["type"] == "about:blank"


def test_wrong_words_are_named_and_not_repeated(tree):
    machine = machine_of(tree["bich_hao"])

    answer = machine.post("cases", {"unit": "xa-bich-hao", "text": "", "topic": "mật khẩu của tôi"})

    assert answer.status_code == 422
    assert {e["where"] for e in answer.json()["errors"]} == {"body.given.text", "body.given.topic"}
    assert "mật khẩu" not in answer.content.decode()


def test_another_method_says_which_are_there(tree):
    answer = machine_of(tree["bich_hao"]).ask("DELETE", "cases")

    assert answer.status_code == 405
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}
    assert answer["Content-Type"] == "application/problem+json"


def test_old_kept_answers_are_forgotten(tree):
    machine_of(tree["bich_hao"]).post("cases", OPEN, **{"Idempotency-Key": "1"})

    assert actions.forget_old(at=clock.now() + timedelta(days=6)) == 0
    assert actions.forget_old(at=clock.now() + timedelta(days=8)) == 1


def test_a_written_key_is_known_again(tree):
    officer = make_staff(name="An", unit_id=tree["bich_hao"].pk, role=Role.CASE_OFFICER)
    key, words = key_of(officer, tree["bich_hao"])

    assert queries.key_by_text(text=f" {words}\n") == key
    assert queries.key_by_text(text=words[:-1] + ("a" if words[-1] != "a" else "b")) is None


def test_when_a_question_is_erased_its_kept_answers_go_too(tree):
    from caunoi.api.personal import forget
    from caunoi.kit.holding import Subject

    machine = machine_of(tree["bich_hao"])
    for word in ("1", "2"):
        machine.post("cases", OPEN, **{"Idempotency-Key": word})
    case = Case.objects.first()
    about = Subject(case.pk, case.number, None, None, "", case.opened_at, None, alone=True)

    assert forget(about, at=clock.now()) == 1
    assert KeptAnswer.objects.count() == 1
