"""What agencies answered: used as the draft, asked again, moved to the case it was meant for, typed in when it came by e-mail."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from caunoi.cases import agencies, passport
from caunoi.cases import queries as case_queries
from caunoi.cases.models import AgencyReply
from caunoi.cases.terms import CameBy
from caunoi.journeys.case_page import load, show
from caunoi.journeys.hop_forms import CameForm
from caunoi.journeys.hop_views import act_and_say, hop_of
from caunoi.kit import clock
from caunoi.kit.access import access
from caunoi.staff.terms import Permission


@access("cases.draft")
@require_POST
def reply(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Use an agency's words as the draft, ask it again, or move them to the case they were meant for."""
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    wanted = request.POST.get("do", "")
    handing_on = wanted in {"again", "move"}
    found = load(request, number, Permission.CASES_REFER if handing_on else Permission.CASES_DRAFT)
    given = passport.reply_of(case=found, pk=pk)
    if given is None:
        raise Http404
    reason = request.POST.get("reason", "")[:1000]
    acts: dict[str, tuple[Callable[[], Any], str]] = {
        "again": (
            lambda: agencies.ask_again(reply=given, reason=reason, by=by, at=at),
            _("Asked again. Its first words are kept."),
        ),
        "move": (
            lambda: _move(request, given),
            _("Moved to %(number)s; the agency is asked again about this case.")
            % {"number": request.POST.get("to", "")[:20]},
        ),
    }
    use = (
        lambda: agencies.use_reply(reply=given, by=by, at=at),
        _("The agency's words are the draft now."),
    )
    return act_and_say(request, number, *acts.get(wanted, use))


def _move(request: HttpRequest, given: AgencyReply) -> None:
    """Move the reply to the case named in the form, when the viewer may hand that on too."""
    by, at = request.staff, clock.now()  # type: ignore[attr-defined]
    to = case_queries.case_by_number(
        by,
        number=request.POST.get("to", "")[:20],
        on=clock.local_date(at),
        permission=Permission.CASES_REFER,
    )
    if to is None:
        raise Http404
    agencies.move_reply(reply=given, to=to, by=by, at=at)


@access("cases.refer")
@require_POST
def came(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take in an agency's answer that came by plain e-mail or on paper."""
    found, by, at = load(request, number, Permission.CASES_REFER), request.staff, clock.now()  # type: ignore[attr-defined]
    asked, form = hop_of(found, pk), CameForm(request.POST)
    if not form.is_valid():
        return show(request, found, status=422, came_forms={asked.pk: form})
    fields = form.cleaned_data
    way = agencies.Came(CameBy(fields["came_by"]), fields["came_on"], fields["file_name"])
    words = {name: fields[name] for name in ("text", "signer", "document")}
    act = lambda: agencies.type_in_answer(referral=asked, came=way, by=by, at=at, **words)  # noqa: E731
    return act_and_say(request, number, act, _("Taken in; the agency's words are kept whole."))
