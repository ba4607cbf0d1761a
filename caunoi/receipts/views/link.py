"""The short link: leads to the notice and counts one."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from caunoi.kit.access import public
from caunoi.receipts import actions, queries, rules


@public("a link printed on paper or posted in a group; opening it is counted, nobody is known")
@require_safe
def open_link(request: HttpRequest, code: str) -> HttpResponse:
    """Lead on to the notice's own page. Nothing is kept of who came: no cookie, no address, no moment."""
    link = queries.link(code=code)
    if link is None:
        raise Http404
    if request.method == "GET" and rules.is_person(request.headers.get("User-Agent", "")):
        actions.count_opened(code=code)
    answer = HttpResponseRedirect(queries.address_of(link))
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
