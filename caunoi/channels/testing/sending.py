"""What a connector promises about what goes out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from caunoi.channels.contract import (
    Capability,
    PostKind,
    ReconnectNeeded,
    Refused,
    TryLater,
    Unclear,
)
from caunoi.channels.testing.rig import (
    Rig,
    Trouble,
    can,
    can_look,
    each_way_out,
    find,
    in_vietnamese,
    raises,
    send,
)


class SendingContract:
    """Once, or unclear and to be found; trouble by its right name; limits and windows."""

    @each_way_out
    def test_a_text_arrives_once_and_gets_an_id(self, rig: Rig, kind: PostKind) -> None:
        post = replace(rig.target(kind), text=f"Trả lời {kind}: tháng 12 có nước.")

        result = send(rig, post)

        assert result.external_id
        assert rig.arrived(post.text) == 1

    @each_way_out
    def test_sending_again_under_the_same_key_is_no_second_send_where_promised(
        self, rig: Rig, kind: PostKind
    ) -> None:
        post = replace(rig.target(kind), text=f"Gửi hai lần {kind}")
        first = send(rig, post, key="same")
        if can(rig, Capability.IDEMPOTENT_KEY):
            assert send(rig, post, key="same").external_id == first.external_id
            assert rig.arrived(post.text) == 1
            return
        if not can_look(rig):
            return
        found = find(rig, post, key="same")

        assert found is not None
        assert found.external_id == first.external_id

    @each_way_out
    def test_after_a_lost_answer_the_text_is_found_and_not_sent_again(
        self, rig: Rig, kind: PostKind
    ) -> None:
        post = replace(rig.target(kind), text=f"Phản hồi bị mất {kind}")

        raises(rig, Unclear, lambda account: send(rig, post, account=account), Trouble.DROPPED)

        assert rig.arrived(post.text) == 1
        assert not can_look(rig) or find(rig, post) is not None

    @each_way_out
    def test_what_never_left_is_surely_not_there(self, rig: Rig, kind: PostKind) -> None:
        if not can_look(rig):
            return

        assert find(rig, replace(rig.target(kind), text="Chưa từng gửi")) is None

    @each_way_out
    def test_the_same_words_of_long_ago_are_not_mistaken_for_it(
        self, rig: Rig, kind: PostKind
    ) -> None:
        post = replace(rig.target(kind), text="Đã nhận.")
        send(rig, post)
        if not can_look(rig):
            return

        assert find(rig, post, since=rig.now() + timedelta(hours=1)) is None

    # Trouble.
    @each_way_out
    @pytest.mark.parametrize(
        ("trouble", "wanted"),
        [
            (Trouble.BUSY, TryLater),
            (Trouble.UNREACHABLE, TryLater),
            (Trouble.TOKEN_GONE, ReconnectNeeded),
            (Trouble.REFUSED, Refused),
        ],
    )
    def test_nothing_is_sent_when_it_says_so(
        self, rig: Rig, kind: PostKind, trouble: Trouble, wanted: type[Exception]
    ) -> None:
        post = replace(rig.target(kind), text=f"Trục trặc {trouble} {kind}")

        error = raises(rig, wanted, lambda account: send(rig, post, account=account), trouble)

        assert rig.arrived(post.text) == 0
        if trouble is Trouble.BUSY and rig.says_how_long:
            assert error.after_seconds == 7  # type: ignore[attr-defined]
        if trouble is Trouble.REFUSED:
            assert error.code  # type: ignore[attr-defined]

    @each_way_out
    def test_an_unreadable_answer_is_unclear(self, rig: Rig, kind: PostKind) -> None:
        post = replace(rig.target(kind), text=f"Không đọc được {kind}")

        raises(rig, Unclear, lambda account: send(rig, post, account=account), Trouble.GARBLED)

    @each_way_out
    @pytest.mark.parametrize("trouble", [Trouble.BUSY, Trouble.UNREACHABLE])
    def test_looking_in_trouble_is_never_surely_not_there(
        self, rig: Rig, kind: PostKind, trouble: Trouble
    ) -> None:
        post = replace(rig.target(kind), text="Ở đâu rồi")

        raises(rig, TryLater, lambda account: find(rig, post, account=account), trouble)

    # Limits and windows.
    @each_way_out
    def test_the_longest_text_is_taken_and_a_longer_one_refused(
        self, rig: Rig, kind: PostKind
    ) -> None:
        longest = "Đ" * rig.connector.max_text[kind]
        post = replace(rig.target(kind), text=longest)

        assert send(rig, post).external_id
        assert rig.arrived(longest) == 1
        with pytest.raises(Refused):
            send(rig, replace(rig.target(kind), text=longest + "Đ"))

    @each_way_out
    def test_a_long_text_is_cut_into_parts_that_fit_and_lose_no_word(
        self, rig: Rig, kind: PostKind
    ) -> None:
        text = " ".join(f"Câu số {n} về con đường vào xóm." for n in range(1_500))
        limit = rig.connector.max_text.get(kind, len(text))

        parts = rig.connector.split(text, kind)

        assert all(len(part) <= limit for part in parts)
        assert " ".join(parts).split() == text.split()
        assert rig.connector.split("Ngắn.", kind) == ["Ngắn."]

    @each_way_out
    def test_nothing_is_sent_after_the_window_has_closed(self, rig: Rig, kind: PostKind) -> None:
        opened = rig.now() - timedelta(days=400)
        post = replace(rig.target(kind), text=f"Quá hạn {kind}", window_opened_at=opened)
        window = rig.connector.window(post, at=rig.now())
        if window.is_open:
            assert send(rig, post).external_id
            return

        with pytest.raises(Refused) as caught:
            send(rig, post)

        assert window.open_until is not None
        assert window.open_until < rig.now()
        assert caught.value.code == "window"
        in_vietnamese(window.reason)
        assert rig.arrived(post.text) == 0

    @each_way_out
    def test_a_fresh_window_is_open(self, rig: Rig, kind: PostKind) -> None:
        window = rig.connector.window(rig.target(kind), at=rig.now())

        assert window.is_open
        assert window.is_free

    def test_a_comment_is_hidden_and_hiding_it_again_changes_nothing(self, rig: Rig) -> None:
        if not can(rig, Capability.HIDE_COMMENT):
            assert not rig.connector.max_text.get(PostKind.HIDE_COMMENT)
            return
        asked = rig.target(PostKind.COMMENT_REPLY)
        post = replace(asked, kind=PostKind.HIDE_COMMENT, text="Ẩn bình luận")
        assert rig.connector.window(post, at=rig.now()).is_open
        assert rig.connector.split(post.text, post.kind) == [post.text]
        assert find(rig, post) is None

        first = send(rig, post)
        again = send(rig, post)

        assert rig.hidden(asked.target_ref)
        assert first.external_id == again.external_id
        assert find(rig, post) is not None
        assert rig.arrived(post.text) == 0

    def test_a_lost_answer_to_hiding_is_unclear_and_can_be_looked_up(self, rig: Rig) -> None:
        if not can(rig, Capability.HIDE_COMMENT):
            return
        asked = rig.target(PostKind.COMMENT_REPLY)
        post = replace(asked, kind=PostKind.HIDE_COMMENT, text="Ẩn bình luận")

        account = rig.strike(Trouble.DROPPED, rig.account())
        with pytest.raises(Unclear):
            send(rig, post, account=account)

        assert find(rig, post) is not None
