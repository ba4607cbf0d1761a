"""What the unit says by itself, from templates that a person without programming can edit (``templates/messages``)."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from caunoi.answers.models import PublishedAnswer
from caunoi.answers.rules import redact
from caunoi.cases import on_behalf, rules
from caunoi.cases.models import Case

HIDE_COMMENT = "Ẩn bình luận gốc dưới bài đăng"
"""What stands in our own record; nothing of it is sent."""
ANSWERED_AGAIN = "Trả lời lại sau khi người hỏi đề nghị xem lại."
"""Stands with the published answer, so it is content: Vietnamese."""

WITHOUT_WORDS = "(Không có chữ, chỉ có hình hoặc tệp gửi kèm)"
"""The text of a case whose message had none; kept in Vietnamese, as everything the asker could have written."""

SPOKEN = "(Câu hỏi bằng giọng nói: mời nghe bản ghi âm gửi kèm)"
"""The text of a case that was only spoken."""


def say_words_please() -> str:
    """Return what is said to somebody who sent a sticker only."""
    with override("vi"):
        return render_to_string("messages/words_please.txt").strip()


def more_files(count: int) -> str:
    """Return what stands on the case when its asker sent more photos or recordings."""
    return f"Người hỏi gửi thêm {count} tệp."


def received(case: Case) -> str:
    """Return the acknowledgement for the case's kind: number, by when, where to follow, whom to call. Not for a public place when sealed."""
    return _say([f"messages/received_{case.kind}.txt", "messages/received.txt"], case)


def received_in_public(case: Case) -> str:
    """Return what may stand under a public comment: for a sealed case nothing but that we answer privately."""
    return _say("messages/received_neutral.txt", case) if is_sealed(case) else received(case)


def asked(case: Case, text: str, until: datetime) -> str:
    """Return the question the unit puts to the asker."""
    return _say("messages/asked.txt", case, text=text, until=until, sealed=is_sealed(case))


def answered(
    case: Case,
    text: str,
    agency: str,
    *,
    in_public: bool,
    privately: bool = False,
    shown: str = "",
) -> str:
    """Return the answer as it goes out. A private case gets no text under a public comment.

    privately   the asker gets the whole text as a private reply too
    shown       the answer as a person decided it may stand in public; empty: masked by itself
    """
    if in_public:
        text = shown or redact(text, names=on_behalf.names_to_hide(case)).text
    return _say(
        "messages/answered.txt",
        case,
        text=text,
        agency=agency,
        in_public=in_public,
        privately=privately,
    )


def joined(case: Case, main: Case) -> str:
    """Return what an asker is told whose question is answered together with the same question of somebody else."""
    return _say("messages/joined.txt", case, main=main)


def parted(case: Case) -> str:
    """Return what an asker is told whose question gets an answer of its own after all."""
    return _say("messages/parted.txt", case)


def answered_together(case: Case, main: Case, published: PublishedAnswer) -> str:
    """Return the common answer as it goes to one of those who asked; personal data was masked when it was published."""
    return _say(
        "messages/answered_together.txt",
        case,
        main=main,
        text=published.answer,
        agency=published.agency,
        main_address=f"{settings.PUBLIC_URL}/hoi/{main.number}/",
    )


def following(number: str, state: str, *, until: datetime | None = None) -> str:
    """Return what is said in a chat to who follows a question there: begun (until when we may write), stopped, unknown, too_many."""
    shown = {"number": number, "state": state, "until": until}
    shown["address"] = f"{settings.PUBLIC_URL}/hoi/{number}/"
    with override("vi"):
        return render_to_string("messages/following.txt", shown).strip()


def following_notices(unit_name: str, state: str, *, until: datetime | None = None) -> str:
    """Return what is said in a chat to who follows the unit's notices there: begun, warnings (only), stopped, too_many."""
    shown = {"unit_name": unit_name, "state": state, "until": until}
    with override("vi"):
        return render_to_string("messages/following_notices.txt", shown).strip()


def answer_again(published: PublishedAnswer, address: str, *, before: str) -> str:
    """Return a draft that answers with what was published before, below the words already written."""
    shown = {"published": published, "main_address": address, "before": before}
    with override("vi"):
        return render_to_string("messages/answer_again.txt", shown).strip()


def is_sealed(case: Case) -> bool:
    """True for complaints, denunciations and tip-offs."""
    return rules.is_sealed(case.kind)


def _say(template: str | list[str], case: Case, **more: object) -> str:
    address = f"{settings.PUBLIC_URL}/hoi/{case.number}/"
    follow = f"{settings.PUBLIC_URL}/theo-doi/"
    rights = f"{settings.PUBLIC_URL}/quyen-rieng-tu/"
    shown = {"case": case, "address": address, "follow": follow, "rights": rights, **more}
    with override("vi"):
        return render_to_string(template, shown).strip()
