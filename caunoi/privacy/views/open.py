"""What everybody may read: what is held of people, why, on what ground, how long, and how to have it erased."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from caunoi.kit.access import public
from caunoi.kit.holding import Whose
from caunoi.privacy import holdings, queries
from caunoi.privacy.terms import Kept
from caunoi.privacy.views.keeping import KINDS


@public("everybody may know what is held")
@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """Say what is held of askers, from the register itself; of officers in short."""
    mine = sorted(holdings.holdings(Whose.ASKER), key=lambda h: (h.purpose, h.what))
    groups = [
        {"purpose": purpose, "rows": list({h.what: h for h in rows}.values())}
        for purpose, rows in groupby(mine, key=lambda h: h.purpose)
    ]
    groups.sort(key=lambda group: -len(group["rows"]))
    staff = list({h.what: h for h in holdings.holdings(Whose.STAFF)}.values())
    rules = [{"rule": r, "label": KINDS[Kept(r.code)]} for r in queries.rules()]
    return render(
        request, "privacy/rights.html", {"groups": groups, "staff_rows": staff, "rules": rules}
    )
