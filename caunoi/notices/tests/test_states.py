"""Where a notice may go from where it stands, who may send it there, and what is kept."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from caunoi.kit.models import AuditEntry
from caunoi.notices import actions, actions_again, actions_scratch, queries, rules
from caunoi.notices.models import Notice
from caunoi.notices.terms import (
    DecidedAlready,
    EditedMeanwhile,
    NoticeState,
    NotYourNotice,
    OutOfReach,
    OwnNotice,
    WrongState,
)
from caunoi.notices.tests.factories import WORDS, approved, out, write
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db
S = NoticeState


def test_every_state_has_its_arrows_and_what_was_sent_never_becomes_a_draft_again():
    assert set(rules.NEXT) == set(S)
    sent, reached = {S.SENDING}, set()
    while sent:
        state = sent.pop()
        reached.add(state)
        sent |= set(rules.NEXT[state]) - reached

    assert reached == {S.SENDING, S.DONE, S.EXPIRED, S.RECALLED}


def test_a_commune_notice_goes_from_draft_to_done_with_one_approval_of_another_person(
    place, ha, binh
):
    notice = write(by=ha, unit=place["bich_hao"])
    handed = actions.hand_in(notice=notice, by=ha, at=MONDAY)
    with pytest.raises(NotYourNotice):
        actions.approve_notice(notice=handed, seen_version=1, by=ha, at=MONDAY)

    ready = actions.approve_notice(notice=handed, seen_version=1, by=binh, at=MONDAY)

    assert ready.state == S.APPROVED
    assert list(queries.due_notices(at=MONDAY)) == [ready]
    done = actions.mark_done(notice=actions.mark_sending(notice=ready, at=MONDAY), at=TUESDAY)
    assert (done.state, done.published_at) == (S.DONE, MONDAY)
    assert queries.public_notice(number=done.number.upper(), at=TUESDAY) == done
    events = AuditEntry.objects.filter(object_id=str(notice.pk)).order_by("pk")
    assert [e.event.rpartition(".")[2] for e in events] == [
        "created", "handed_in", "approved", "sending", "sent",
    ]  # fmt: skip


def test_a_province_notice_needs_two_approvers_and_neither_wrote_it(place, thao, viet, mai):
    notice = write(by=viet, unit=place["nghe_an"])
    notice = actions.hand_in(notice=notice, by=viet, at=MONDAY)
    with pytest.raises(OwnNotice):
        actions.approve_notice(notice=notice, seen_version=1, by=viet, at=MONDAY)

    once = actions.approve_notice(notice=notice, seen_version=1, by=thao, at=MONDAY)

    assert once.state == S.REVIEW
    with pytest.raises(DecidedAlready):
        actions.approve_notice(notice=notice, seen_version=1, by=thao, at=MONDAY)
    assert not queries.due_notices(at=TUESDAY).exists()


def test_an_approval_counts_only_for_what_was_read(place, mai, thao, viet):
    notice = actions.hand_in(notice=write(by=mai, unit=place["nghe_an"]), by=mai, at=MONDAY)
    actions.approve_notice(notice=notice, seen_version=1, by=thao, at=MONDAY)
    back = actions.withdraw(notice=notice, by=mai, at=TUESDAY)
    changed = actions.save_draft(
        notice=back, fields=replace(WORDS, title="Tiêm phòng dời sang 6/12"), seen_version=1, by=mai, at=TUESDAY
    )  # fmt: skip
    again = actions.hand_in(notice=changed, by=mai, at=TUESDAY)

    with pytest.raises(EditedMeanwhile):
        actions.approve_notice(notice=again, seen_version=1, by=viet, at=TUESDAY)
    second = actions.approve_notice(notice=again, seen_version=2, by=viet, at=TUESDAY)

    assert second.state == S.REVIEW
    assert [d.by_id for d in queries.approvals_of(notice=second)] == [viet.account_id]


def test_the_same_words_handed_in_again_are_approved_anew(place, mai, thao, viet):
    notice = actions.hand_in(notice=write(by=mai, unit=place["nghe_an"]), by=mai, at=MONDAY)
    actions.approve_notice(notice=notice, seen_version=1, by=thao, at=MONDAY)
    actions.withdraw(notice=notice, by=mai, at=TUESDAY)
    again = actions.hand_in(notice=notice, by=mai, at=TUESDAY)

    assert queries.approvals_of(notice=again) == []


def test_an_approval_is_taken_back_until_the_sending_begins_and_not_after(place, ha, binh):
    notice = approved(by=ha, approver=binh, unit=place["bich_hao"])
    back = actions.withdraw(notice=notice, by=binh, at=MONDAY)
    assert back.state == S.DRAFT
    with pytest.raises(WrongState):
        actions.mark_sending(notice=notice, at=MONDAY)

    sent = out(by=ha, approver=binh, unit=place["bich_hao"])

    with pytest.raises(WrongState):
        actions.withdraw(notice=sent, by=binh, at=TUESDAY)
    with pytest.raises(NotYourNotice):
        actions.mark_recalled(notice=sent, reason="Sai ngày", by=ha, at=TUESDAY)
    recalled = actions.mark_recalled(notice=sent, reason="Sai ngày", by=binh, at=TUESDAY)
    assert (recalled.state, recalled.end_reason) == (S.RECALLED, "Sai ngày")


def test_a_scheduled_notice_is_due_at_its_time_and_ends_at_its_end(place, ha, binh):
    draft = write(by=ha, unit=place["bich_hao"])
    actions.set_times(
        notice=draft, publish_at=TUESDAY, valid_until=TUESDAY + timedelta(days=3), by=ha, at=MONDAY
    )
    actions.hand_in(notice=draft, by=ha, at=MONDAY)
    ready = actions.approve_notice(notice=draft, seen_version=1, by=binh, at=MONDAY)

    assert ready.state == S.SCHEDULED
    assert list(queries.due_notices(at=TUESDAY - timedelta(seconds=1))) == []
    assert list(queries.due_notices(at=TUESDAY)) == [ready]
    done = actions.mark_done(notice=actions.mark_sending(notice=ready, at=TUESDAY), at=TUESDAY)
    assert list(queries.over_notices(at=TUESDAY + timedelta(days=3))) == [done]
    over = actions.mark_expired(notice=done, at=TUESDAY + timedelta(days=3))
    assert over.state == S.EXPIRED
    assert queries.public_notice(number=over.number, at=TUESDAY + timedelta(days=9)) == over
    assert list(queries.public_notices(unit=place["bich_hao"].pk, at=TUESDAY)) == []


def test_a_collaborator_of_a_village_proposes_and_no_more(place, duc, ha, binh):
    with pytest.raises(NotYourNotice):
        write(by=duc, unit=place["bich_hao"])
    other = write(by=ha, unit=place["village"])
    with pytest.raises(NotYourNotice):
        actions.save_draft(notice=other, fields=WORDS, seen_version=1, by=duc, at=MONDAY)
    own = write(by=duc, unit=place["village"])
    with pytest.raises(OutOfReach):
        actions.set_audience(notice=own, lines=[rules_line(place["bich_hao"])], by=duc, at=MONDAY)
    handed = actions.hand_in(notice=own, by=duc, at=MONDAY)
    for deed in (actions.approve_notice,):
        with pytest.raises(NotYourNotice):
            deed(notice=handed, seen_version=1, by=duc, at=MONDAY)

    assert (
        actions.approve_notice(notice=handed, seen_version=1, by=binh, at=MONDAY).state
        == S.APPROVED
    )


def rules_line(unit):
    from caunoi.notices.terms import Line

    return Line(unit.pk)


def test_two_editors_on_one_draft_lose_nothing(place, ha, binh):
    notice = write(by=ha, unit=place["bich_hao"])
    actions.save_draft(
        notice=notice, fields=replace(WORDS, title="Tiêm phòng trâu bò: lời của Hà"), seen_version=1, by=ha, at=MONDAY
    )  # fmt: skip
    hers = replace(WORDS, title="Tiêm phòng trâu bò: lời của Bình")

    with pytest.raises(EditedMeanwhile):
        actions.save_draft(notice=notice, fields=hers, seen_version=1, by=binh, at=MONDAY)
    actions_scratch.keep_scratch(
        notice=notice, fields={"title": hers.title}, seen_version=1, by=binh, at=MONDAY
    )
    notice.refresh_from_db()

    assert notice.title.endswith("Hà")
    assert queries.scratch_of(binh, notice=notice).fields["title"].endswith("Bình")
    actions.save_draft(notice=notice, fields=hers, seen_version=2, by=binh, at=TUESDAY)
    titles = [v.title for v in queries.versions_of(notice=notice)]
    assert [t.split()[-1] for t in titles[:2]] == ["Bình", "Hà"]
    assert queries.scratch_of(binh, notice=notice) is None


def test_what_is_seen_stops_at_the_unit(place, ha, binh, mai, thao, viet):
    draft = write(by=ha, unit=place["bich_hao"])
    province = write(by=mai, unit=place["nghe_an"])
    on = MONDAY.date()

    assert set(queries.notices(ha, on=on)) == {draft}
    assert set(queries.notices(mai, on=on)) == {draft, province}
    actions.hand_in(notice=province, by=mai, at=MONDAY)
    actions.approve_notice(notice=province, seen_version=1, by=thao, at=MONDAY)
    ready = actions.approve_notice(notice=province, seen_version=1, by=viet, at=MONDAY)
    actions.mark_sending(notice=ready, at=MONDAY)
    assert set(queries.notices(ha, on=on)) == {draft, province}


def test_a_story_is_taken_up_with_credit_corrected_and_repeated(place, ha, binh, mai):
    story = out(by=ha, approver=binh, unit=place["bich_hao"])

    taken = actions_again.adopt_notice(
        notice=story, unit_id=place["nghe_an"].pk, by=mai, at=TUESDAY
    )
    fixed = actions_again.correct_notice(notice=story, by=ha, at=TUESDAY)
    again = actions_again.duplicate_notice(
        notice=story, unit_id=place["bich_hao"].pk, by=ha, at=TUESDAY
    )

    assert (taken.unit_id, taken.adopted_from, taken.title) == (
        place["nghe_an"].pk,
        story,
        story.title,
    )
    assert fixed.corrects == story
    assert again.series_id == story.series_id is not None
    assert {n.state for n in (taken, fixed, again)} == {S.DRAFT}
    with pytest.raises(NotYourNotice):
        actions_again.adopt_notice(notice=story, unit_id=place["nghe_an"].pk, by=ha, at=TUESDAY)


def test_a_form_pressed_twice_begins_one_notice(place, ha):
    key = uuid4()
    first = write(by=ha, unit=place["bich_hao"], form_key=key)

    again = write(by=ha, unit=place["bich_hao"], form_key=key)

    assert again == first
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.filter(pk=write(by=ha, unit=place["bich_hao"]).pk).update(form_key=key)


def test_the_database_refuses_to_change_a_version_or_a_decision(place, ha, binh):
    notice = approved(by=ha, approver=binh, unit=place["bich_hao"])

    for rows in (notice.versions, notice.decisions):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            rows.update(at=TUESDAY)
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            rows.all().delete()
