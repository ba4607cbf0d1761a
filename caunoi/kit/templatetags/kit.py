"""What templates say about dates, money and icons, as printed in Việt Nam."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from lucide.templatetags.lucide import lucide

from caunoi.kit import sentences

register = template.Library()


@register.filter
def vnd(amount: int | None) -> str:
    """20000000 → "20.000.000 đ"."""
    return "" if amount is None else f"{amount:,}".replace(",", ".") + " đ"


@register.filter
def vi_number(number: int | None) -> str:
    """1234567 → "1.234.567"."""
    return "" if number is None else f"{number:,}".replace(",", ".")


@register.filter
def vi_date(moment: date | datetime | None) -> str:
    """22/11/2026, in Việt Nam's time."""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment)
    return moment.strftime("%d/%m/%Y") if moment else ""


@register.filter
def vi_datetime(moment: datetime | None) -> str:
    """14:05 22/11/2026, in Việt Nam's time."""
    return timezone.localtime(moment).strftime("%H:%M %d/%m/%Y") if moment else ""


@register.filter
def vi_time(moment: datetime | None) -> str:
    """14:05, in Việt Nam's time."""
    return timezone.localtime(moment).strftime("%H:%M") if moment else ""


@register.filter
def hour(moment: datetime | None) -> str:
    """14:05, in Việt Nam's time."""
    return timezone.localtime(moment).strftime("%H:%M") if moment else ""


@register.filter
def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago in words: the largest fitting unit, then the date."""
    if moment is None:
        return ""
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 24:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", hours) % {"n": hours}
    days = hours // 24
    if days < 7:
        return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
    return vi_date(moment)


@register.filter
def short_when(moment: datetime | None, now: datetime) -> str:
    """When, as short as a list needs it: the hour today, then "Hôm qua", the weekday, the day."""
    if moment is None:
        return ""
    then = timezone.localtime(moment)
    days = (timezone.localtime(now).date() - then.date()).days
    if days < 1:
        return then.strftime("%H:%M")
    if days == 1:
        return _("Yesterday")
    if days < 7:
        return WEEKDAYS[then.weekday()]()
    return then.strftime("%d/%m" if days < 300 else "%d/%m/%Y")


@register.filter
def until_words(moment: datetime, now: datetime) -> str:
    """Until when, as people say it: "14:05 hôm nay", "14:05 thứ Ba", "14:05 22/11/2026"."""
    then = timezone.localtime(moment)
    days = (then.date() - timezone.localtime(now).date()).days
    hour_said = then.strftime("%H:%M")
    if days == 0:
        return _("%(hour)s today") % {"hour": hour_said}
    if days == 1:
        return _("%(hour)s tomorrow") % {"hour": hour_said}
    if 1 < days < 7:
        return f"{hour_said} {LONG_WEEKDAYS[then.weekday()]()}"
    return then.strftime("%H:%M %d/%m/%Y")


LONG_WEEKDAYS: list[Callable[[], str]] = [
    lambda: pgettext("weekday", "on Monday"),
    lambda: pgettext("weekday", "on Tuesday"),
    lambda: pgettext("weekday", "on Wednesday"),
    lambda: pgettext("weekday", "on Thursday"),
    lambda: pgettext("weekday", "on Friday"),
    lambda: pgettext("weekday", "on Saturday"),
    lambda: pgettext("weekday", "on Sunday"),
]
WEEKDAYS: list[Callable[[], str]] = [
    lambda: pgettext("short weekday", "Mon"),
    lambda: pgettext("short weekday", "Tue"),
    lambda: pgettext("short weekday", "Wed"),
    lambda: pgettext("short weekday", "Thu"),
    lambda: pgettext("short weekday", "Fri"),
    lambda: pgettext("short weekday", "Sat"),
    lambda: pgettext("short weekday", "Sun"),
]


@register.filter
def iso(moment: datetime | None) -> str:
    """The moment as machines write it."""
    return moment.isoformat() if moment else ""


@register.filter
def due_words(due: datetime, now: datetime) -> str:
    """How a deadline is said: what is left, or how late it is, and until when."""
    seconds = int((due - now).total_seconds())
    late, minutes = seconds < 0, abs(seconds) // 60
    days, hours = minutes // 1440, minutes // 60
    if late and days:
        return ngettext("Overdue by %(n)d day", "Overdue by %(n)d days", days) % {"n": days}
    if late:
        return ngettext("Overdue by %(n)d hour", "Overdue by %(n)d hours", hours) % {"n": hours}
    if days:
        return ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}
    return ngettext("%(n)d hour left", "%(n)d hours left", hours) % {"n": hours}


@register.filter
def due_tone(due: datetime, now: datetime) -> str:
    """The tone of a deadline: bad when late, warn within a day, idle otherwise."""
    left = (due - now).total_seconds()
    return "bad" if left < 0 else "warn" if left < 86400 else "idle"


@register.filter
def said(stored: str | None) -> str:
    """A reason stored in English, in the reader's language."""
    return sentences.said(stored or "")


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """mapping[key], or nothing."""
    return mapping.get(key, "") if hasattr(mapping, "get") else ""


@register.filter
def percent_of(part: int | None, whole: int | None) -> str:
    """173 of 363 → "47.66%": the width of a bar, never wider than its ground."""
    return f"{min(100.0, 100 * (part or 0) / whole):.2f}%" if whole else "0%"


@register.filter
def initials(name: str) -> str:
    """Hoàng Thị Thảo → HT: the first word and the given name."""
    words = name.split()
    return "".join(word[0].upper() for word in words[:1] + words[1:][-1:])


@register.simple_tag(takes_context=True)
def query_with(context: dict[str, Any], **changes: Any) -> str:
    """The page's own address with some words of its query changed: filters survive paging."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag
def icon(name: str) -> str:
    """Draw a lucide icon: decoration only, the word stands beside it. A list of fifty rows draws a few of them very often."""
    return _drawn(str(name))


@cache
def _drawn(name: str) -> str:
    return lucide(name, size=20, **{"class": "icon", "aria_hidden": "true", "focusable": "false"})
