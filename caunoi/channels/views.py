"""The register of official channels."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from caunoi.channels import actions, numbers, queries, quotas, registry, rules, upkeep
from caunoi.channels.contract import (
    Account,
    Capability,
    ReconnectNeeded,
    Refused,
    TryLater,
    Unclear,
)
from caunoi.channels.forms import ChannelForm, EraseForm, NumbersForm
from caunoi.channels.models import Channel, ProviderApp
from caunoi.channels.terms import ChannelError, ChannelState
from caunoi.kit import clock, sheets
from caunoi.kit.access import access
from caunoi.kit.sentences import said
from caunoi.kit.text import fold
from caunoi.units import queries as units

STATE_SALT = "caunoi.channels.connect"


@access("channels.view")
@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    """List the channels of the viewer's units."""
    at = clock.now()
    on = clock.local_date(at)
    text, state = request.GET.get("q", "")[:100], request.GET.get("state", "")
    found = queries.visible_channels(request.staff, on=on).select_related("unit").order_by("name")  # type: ignore[attr-defined]
    if state in list(ChannelState):
        found = found.filter(state=state)
    rows = [c for c in found if fold(text) in fold(c.name)] if text else found
    if "xlsx" in request.GET:
        lines = (
            [c.name, c.connector_key, c.external_id, c.state, c.last_inbound_at, c.last_sent_at]
            for c in rows
        )
        return sheets.answer(
            "kenh", ["Tên", "Loại", "Số", "Trạng thái", "Nhận lúc", "Gửi lúc"], lines
        )
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    names = units.names_of(unit_ids=[c.unit_id for c in page], on=on)
    days = {c.pk: rules.token_days_left(expires_at=c.token_expires_at, at=at) for c in page}
    shown = {"page": page, "names": names, "days": days, "text": text, "state": state, "now": at}
    return render(request, "channels/channels.html", shown)


def _load(request: HttpRequest, pk: UUID) -> Channel:
    on = clock.local_date(clock.now())
    return get_object_or_404(queries.visible_channels(request.staff, on=on), pk=pk)  # type: ignore[attr-defined]


@access("channels.view")
@require_safe
def channel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one channel."""
    at = clock.now()
    found = _load(request, pk)
    path = units.paths_of(unit_ids=[found.unit_id], on=clock.local_date(at)).get(found.unit_id, "")
    shown = {
        "channel": found,
        "unit_name": units.name_of(unit_id=found.unit_id, on=clock.local_date(at)),
        "days": rules.token_days_left(expires_at=found.token_expires_at, at=at),
        "alerts": found.alerts.select_related("channel").order_by("-raised_at")[:5],
        "posts": registry.can(found.connector_key, Capability.OWN_POSTS),
        "quotas": quotas.left_of(channel=found, on=clock.local_date(at)),
        "listed": found.numbers.exclude(confirmed_at=None).count()
        if registry.can(found.connector_key, Capability.LISTED_NUMBERS)
        else None,
        "connects": found.app is not None
        and hasattr(registry.connector_for(found.connector_key), "consent"),
        "now": at,
        "manage": request.staff.may("channels.manage", path),  # type: ignore[attr-defined]
        "hook": f"{settings.PUBLIC_URL}/hooks/{found.connector_key}/{found.app.app_id}/"
        if found.app
        else "",
    }
    return render(request, "channels/channel.html", shown)


@access("channels.manage")
@require_POST
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the provider whether the channel works."""
    found = _load(request, pk)
    try:
        health = upkeep.check_channel(channel=found, at=clock.now())
    except TryLater as error:
        messages.warning(request, said(error.reason))
        return redirect("channels:channel", pk=pk)
    if health.ok and health.subscribed_anew:
        messages.warning(
            request,
            _(
                "The channel works, but the provider no longer told us of what people write. "
                "We asked it to again and fetch what was missed."
            ),
        )
    elif health.ok:
        messages.success(request, _("The channel works."))
    else:
        messages.error(
            request,
            _("The channel must be connected again. %(reason)s") % {"reason": said(health.reason)},
        )
    return redirect("channels:channel", pk=pk)


@access("channels.manage")
@require_POST
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Pause, resume or retire."""
    found = _load(request, pk)
    wanted = request.POST.get("state", "")
    if wanted not in {ChannelState.ACTIVE, ChannelState.PAUSED, ChannelState.RETIRED}:
        raise Http404
    try:
        actions.set_state(
            channel=found, state=ChannelState(wanted), by=request.staff, at=clock.now()
        )  # type: ignore[attr-defined]
        messages.success(request, _("Recorded."))
    except ChannelError as error:
        messages.error(request, _(str(error)))
    return redirect("channels:channel", pk=pk)


@access("channels.manage")
def register(request: HttpRequest) -> HttpResponse:
    """Put a page or account into the register."""
    form = ChannelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _register(request, form)
        if made is not None:
            messages.success(request, _("Registered. Check now whether it works."))
            return redirect("channels:channel", pk=made.pk)
    return render(request, "channels/register.html", {"form": form})


def _register(request: HttpRequest, form: ChannelForm) -> Channel | None:
    fields, at = form.cleaned_data, clock.now()
    unit = units.by_slug(slug=fields["unit"], on=clock.local_date(at))
    if unit is None:
        form.add_error("unit", _("No unit with this address word."))
        return None
    secrets = {name: fields[name] for name in ("login", "access_token", "refresh_token")}
    try:
        return actions.register_channel(
            unit_id=unit.id,
            connector_key=fields["connector_key"],
            external_id=fields["external_id"],
            name=fields["name"],
            url=fields["url"],
            app=ProviderApp.objects.filter(connector_key=fields["connector_key"]).first(),
            secrets={k: v for k, v in secrets.items() if v},
            by=request.staff,  # type: ignore[attr-defined]
            at=at,
        )
    except ChannelError as error:
        form.add_error(None, _(str(error)))
        return None


@access("channels.manage")
def listed_numbers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put telephone numbers on a channel's list, or take one off; a number is never shown whole."""
    found, at = _load(request, pk), clock.now()
    if not registry.can(found.connector_key, Capability.LISTED_NUMBERS):
        raise Http404
    erasing = "erase" in request.POST
    adding = NumbersForm(request.POST if request.method == "POST" and not erasing else None)
    removing = EraseForm(request.POST if erasing else None)
    if erasing and removing.is_valid():
        words = removing.cleaned_data["number"]
        gone = numbers.erase_number(channel=found, text=words, by=request.staff, at=at)  # type: ignore[attr-defined]
        if gone:
            messages.success(request, _("The number was erased; it gets no more text messages."))
        else:
            messages.error(request, _("This number is not on the list."))
        return redirect("channels:numbers", pk=pk)
    if adding.is_valid():
        words = adding.cleaned_data["numbers"]
        done = numbers.add_numbers(channel=found, text=words, by=request.staff, at=at)  # type: ignore[attr-defined]
        _say_added(request, done)
        return redirect("channels:numbers", pk=pk)
    page = Paginator(numbers.numbers_of(request.staff, channel=found), 50)  # type: ignore[attr-defined]
    shown = {"channel": found, "adding": adding, "removing": removing}
    shown["page"] = page.get_page(request.GET.get("page"))
    return render(request, "channels/numbers.html", shown)


def _say_added(request: HttpRequest, done: numbers.Added) -> None:
    if done.new:
        said_new = ngettext("%(n)d number added.", "%(n)d numbers added.", done.new)
        messages.success(request, said_new % {"n": done.new})
    if done.known:
        said_known = ngettext(
            "%(n)d number was on the list already.",
            "%(n)d numbers were on the list already.",
            done.known,
        )
        messages.info(request, said_known % {"n": done.known})
    if done.bad_lines:
        lines = ", ".join(str(n) for n in done.bad_lines[:20])
        messages.error(
            request, _("No mobile phone number of Việt Nam in line %(lines)s.") % {"lines": lines}
        )


@access("channels.manage")
@require_POST
def connect(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send the administrator of the account to the provider's consent page."""
    found = _load(request, pk)
    connector = registry.connector_for(found.connector_key)
    if found.app is None or not hasattr(connector, "consent"):
        raise Http404
    return_to = request.build_absolute_uri(reverse("channels:connected"))
    address, state, verifier = connector.consent(
        app=queries.open_app(found.app),
        settings=actions.account_for(found).settings,
        return_to=return_to,
    )
    request.session["connect"] = signing.dumps(
        {"pk": str(found.pk), "state": state, "verifier": verifier}, salt=STATE_SALT
    )
    return redirect(address)


@access("channels.manage")
@require_safe
def connected(request: HttpRequest) -> HttpResponse:
    """Come back from the consent page and trade the code for tokens."""
    try:
        began = signing.loads(request.session.pop("connect", ""), salt=STATE_SALT, max_age=900)
    except signing.BadSignature as error:
        raise Http404 from error
    if request.GET.get("state") != began["state"]:
        raise Http404
    found, at = _load(request, UUID(began["pk"])), clock.now()
    account: Account = actions.account_for(found)
    connector = registry.connector_for(found.connector_key)
    try:
        tokens = connector.trade_code(
            account,
            code=request.GET.get("code", ""),
            verifier=began["verifier"],
            return_to=request.build_absolute_uri(reverse("channels:connected")),
            at=at,
        )  # type: ignore[attr-defined]
    except (TryLater, Unclear, ReconnectNeeded, Refused) as error:
        messages.error(request, said(error.reason))
        return redirect("channels:channel", pk=found.pk)
    kept = {"access_token": tokens.access_token, "refresh_token": tokens.refresh_token}
    secrets = {name: word for name, word in kept.items() if word}
    actions.change_secrets(
        channel=found,
        secrets=secrets,
        by=request.staff,
        at=at,
        token_expires_at=tokens.expires_at,  # type: ignore[attr-defined]
    )
    messages.success(request, _("Connected. What waited is sent now."))
    return redirect("channels:channel", pk=found.pk)
