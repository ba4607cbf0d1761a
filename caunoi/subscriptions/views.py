"""Following a question, a unit or a topic: by e-mail, in the browser, in a chat. No page says what anybody follows."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caunoi.channels import numbers_asking, registry
from caunoi.channels import queries as channels
from caunoi.channels.contract import Capability
from caunoi.kit import clock, limits
from caunoi.kit.access import access, public
from caunoi.kit.limits import LOOK_UP, PUBLIC_FORM, limited
from caunoi.notices import queries as notices
from caunoi.staff.terms import Permission
from caunoi.subscriptions import actions, forms, links, queries, sealing, texting, words
from caunoi.subscriptions.terms import (
    CODES_ASKED,
    LETTERS_TO_ONE,
    About,
    NotAPushService,
    NotFollowable,
    Spent,
    TooMany,
    Way,
    What,
)
from caunoi.units import leads
from caunoi.units import queries as units

CHOICES = {"warnings": True, "everything": False}
PUBLIC = "anybody may follow what is public; a signed link opens one follower's door"


def _what(request: HttpRequest) -> tuple[What, str]:
    """Return what the address speaks of and how it is called. Raises Http404."""
    given = request.GET
    try:
        return queries.followable(
            number=given.get("cau-hoi", "")[:20],
            slug=given.get("don-vi", "")[:140],
            topic=given.get("chu-de", "")[:40],
            about=given.get("tin", "")[:20],
            on=clock.local_date(clock.now()),
        )
    except NotFollowable as error:
        raise Http404 from error


@public(PUBLIC)
@limited(PUBLIC_FORM)
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Offer every way to follow one thing; by e-mail a letter asks first."""
    on = clock.local_date(clock.now())
    led = leads.lead_on(request, word="don-vi", on=on)
    if led := led or leads.lead_to_parts(request, word="don-vi", on=on):
        return led
    what, name = _what(request)
    of_notices = what.about == About.NOTICES
    form = (forms.NoticesEmailForm if of_notices else forms.EmailForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if isinstance(form, forms.NoticesEmailForm):
            what = replace(what, only_warnings=form.only_warnings)
        return _asked(request, what, name, form)
    return _offer(request, what, name, form)


def _asked(request: HttpRequest, what: What, name: str, form: forms.EmailForm) -> HttpResponse:
    """Say the same whatever the address follows already: this page tells nobody anything about an address."""
    email, at = form.cleaned_data["email"], clock.now()
    mailbox = sealing.hash_of(f"letters:{email.strip().lower()}").hex()
    if not limits.take(LETTERS_TO_ONE, who=mailbox, at=at).allowed:
        return render(request, "subscriptions/asked.html", {"name": name, "section": "answers"})
    try:
        actions.follow_by_email(what=what, email=email, at=at)
    except TooMany as error:
        form.add_error(None, _(str(error)))
        return _offer(request, what, name, form)
    return render(request, "subscriptions/asked.html", {"name": name, "section": "answers"})


def _offer(request: HttpRequest, what: What, name: str, form: forms.EmailForm) -> HttpResponse:
    if what.about == About.NOTICES:
        return _offer_notices(request, what, name, form)
    shown = {
        "what": what,
        "name": name,
        "form": form,
        "chats": _chats(what),
        "push_key": sealing.push_key(at=clock.now()).public,
        "feed": _feed(request, what),
        "back": f"/hoi/{what.number}/" if what.number else "",
        "followers": queries.followers(number=what.number) if what.number else 0,
        "section": "answers",
    }
    return render(request, "subscriptions/follow.html", shown, status=422 if form.errors else 200)


def _offer_notices(
    request: HttpRequest, what: What, name: str, form: forms.EmailForm
) -> HttpResponse:
    slug = request.GET["don-vi"]
    shown = {
        "name": name,
        "form": form,
        "push_form": forms.KindsForm(auto_id="push_%s", initial={"kinds": ""}),
        "chats": _chats(what),
        "texts": numbers_asking.list_of(unit_id=what.unit_id) is not None,
        "push_key": sealing.push_key(at=clock.now()).public,
        "slug": slug,
        "handle": f"@{slug}@{urlsplit(settings.PUBLIC_URL).netloc}" if settings.FEDIVERSE else "",
        "followers": queries.followers_of_notices(unit_id=what.unit_id) if what.unit_id else 0,
        "section": "answers",
        "unit_name": name,
        "unit_url": reverse("portal:unit", args=[slug]),
    }
    status = 422 if form.errors else 200
    return render(request, "subscriptions/follow_notices.html", shown, status=status)


def _chats(what: What) -> list[dict[str, str]]:
    """Return the chats of the unit that was asked in which "theo dõi" can be written."""
    unit_id = queries.unit_asked(number=what.number) if what.number else None
    if what.about == About.NOTICES:
        unit_id = what.unit_id
    if unit_id is None:
        return []
    return [
        {"name": channel.name, "url": channel.url, "key": channel.connector_key}
        for channel in channels.official_channels(unit_id=unit_id)
        if channel.url and registry.can(channel.connector_key, Capability.PRIVATE_MESSAGES)
    ]


def _feed(request: HttpRequest, what: What) -> str:
    if what.number:
        return (
            reverse("answers:question_feed", args=[what.number])
            if queries.is_answered(number=what.number)
            else ""
        )
    if what.topic:
        return reverse("answers:topic_feed", args=[what.topic])
    return reverse("answers:unit_feed", args=[request.GET["don-vi"]])


@public(PUBLIC)
@limited(PUBLIC_FORM)
@require_POST
def push(request: HttpRequest) -> HttpResponse:
    """Keep a browser that was permitted to notify. 201 kept, 422 not a browser's push service, 409 too many."""
    what, name = _what(request)
    of_notices = what.about == About.NOTICES
    form = (forms.NoticesPushForm if of_notices else forms.PushForm)(request.POST)
    if not form.is_valid():
        return JsonResponse({"said": _("This browser gave nothing we can use.")}, status=422)
    if isinstance(form, forms.NoticesPushForm):
        what = replace(what, only_warnings=form.only_warnings)
    try:
        actions.follow_by_push(what=what, subscription=form.subscription(), at=clock.now())
    except NotAPushService as error:
        return JsonResponse({"said": _(str(error))}, status=422)
    except TooMany as error:
        return JsonResponse({"said": _(str(error))}, status=409)
    said = _("This browser will tell you of: %(name)s") % {"name": name}
    return JsonResponse({"said": said}, status=201)


@public(PUBLIC)
@limited(LOOK_UP)
@require_POST
def push_stop(request: HttpRequest) -> HttpResponse:
    """Forget everything this browser follows: only it knows its address."""
    endpoint = request.POST.get("endpoint", "")[:1000]
    actions.stop_address(way=Way.PUSH, address=endpoint)
    return JsonResponse({"said": _("This browser is told nothing any more.")})


@public(PUBLIC)
@limited(LOOK_UP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, word: str) -> HttpResponse:
    """Begin to follow, after a tap: a mail scanner that opens the link begins nothing."""
    try:
        subscription_id = links.read(links.CONFIRM, word)
        if request.method == "POST":
            found = actions.confirm(subscription_id=subscription_id, at=clock.now())
            name = words.name_of(found, clock.local_date(clock.now()))
            return _done(request, "confirmed", name=name, stop=links.made(links.STOP, found.pk))
    except Spent:
        return _done(request, "spent", status=410)
    return _done(request, "confirm")


@csrf_exempt  # a mail program's one click (RFC 8058) brings no cookie; the signed word is the right
@public(PUBLIC)
@limited(LOOK_UP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, word: str) -> HttpResponse:
    """Stop and forget the address, after a tap or the mail program's one click."""
    try:
        subscription_id = links.read(links.STOP, word)
        if request.method == "POST":
            return _stopped(request, subscription_id)
    except Spent:
        return _done(request, "spent", status=410)
    found = queries.of_link(subscription_id=subscription_id)
    name = words.name_of(found, clock.local_date(clock.now())) if found else ""
    of_notices = found is not None and found.about == About.NOTICES
    return _done(request, "stop", name=name, found=found, of_notices=of_notices)


def _stopped(request: HttpRequest, subscription_id: UUID) -> HttpResponse:
    """Do what was tapped: end this (a mail program says nothing more), end all, or choose. Raises Spent."""
    asked = request.POST.get("do", "")
    if asked in CHOICES:
        actions.choose_by_link(subscription_id=subscription_id, only_warnings=CHOICES[asked])
        return _done(request, "chosen", only_warnings=CHOICES[asked])
    if asked == "all":
        actions.stop_all(subscription_id=subscription_id)
    else:
        actions.stop(subscription_id=subscription_id)
    return _done(request, "stopped")


def _done(request: HttpRequest, state: str, *, status: int = 200, **more: Any) -> HttpResponse:
    shown = {"state": state, "section": "answers"} | more
    return render(request, "subscriptions/link.html", shown, status=status)


@access("answers.manage")
@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """Show how many follow the viewer's units, by way; never who."""
    viewer = request.staff  # type: ignore[attr-defined]
    found = queries.counts(viewer, on=clock.local_date(clock.now()))
    return render(request, "subscriptions/counts.html", {"counts": found})


@access("notices.view")
@require_safe
def told(request: HttpRequest, number: str) -> HttpResponse:
    """Show what became of a notice at those who follow its units: totals by way, never who."""
    viewer = request.staff  # type: ignore[attr-defined]
    on = clock.local_date(clock.now())
    notice = notices.notices(viewer, on=on).filter(number=number[:12].lower()).first()
    if notice is None or notice.published_at is None:
        raise Http404
    if not notices.may(viewer, Permission.NOTICES_VIEW, notice=notice, on=on):
        # how many follow a unit above is that unit's to know
        raise Http404
    shown = {"notice": notice, "told": queries.told(viewer, number=notice.number, on=on)}
    part = (
        "subscriptions/told_part.html"
        if request.headers.get("HX-Request")
        else "subscriptions/told.html"
    )
    return render(request, part, shown)


@public(
    "anybody may ask for what a unit tells by text message; the code that went to the phone decides"
)
@limited(CODES_ASKED)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: HttpRequest) -> HttpResponse:
    """Ask for the number, send it a code, and put it on the list when the code comes back."""
    at = clock.now()
    slug = request.GET.get("don-vi", "")[:140]
    unit = units.by_slug(slug=slug, on=clock.local_date(at))
    channel = numbers_asking.list_of(unit_id=unit.id) if unit else None
    if unit is None or channel is None:
        raise Http404
    typing_code = "code" in request.POST
    form = (forms.CodeForm if typing_code else forms.NumberForm)(request.POST or None)
    step, status = "code" if typing_code else "number", 200
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["phone"]
        if not typing_code:
            texting.ask(channel=channel, number=number, at=at)
            form, step = forms.CodeForm(initial={"phone": number}), "code"
        elif numbers_asking.confirm(
            channel=channel, number=number, code=form.cleaned_data["code"], at=at
        ):
            step = "done"
        else:
            form.add_error(
                "code", _("This is not the code, or it is older than a day. Ask for another one.")
            )
    if form.errors:
        status = 422
    shown = {"name": unit.full_name, "slug": slug, "form": form, "step": step, "section": "answers"}
    return render(request, "subscriptions/texting.html", shown, status=status)
