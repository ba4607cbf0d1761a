"""The desk over a million cases in one province: what the database answers and what a whole page costs on the server, asked
by a commune officer, a province officer, and one of a thin province beside them. Ends with a table: door, median, p95, limit, ok;
``cpu`` is what the processor worked for it, in this process and in the database session. Writes bench/results/cases_list.json.

BENCH_TREE=2024 asks the same of the tree of 21 districts and 460 communes (cases_list_2024.json).
"""

import gc
import itertools
import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from bench import cases_fill, measuring

CASES = int(os.environ.get("BENCH_CASES", "10000" if measuring.SMALL else "1000000"))
OLD = os.environ.get("BENCH_TREE") == "2024"
ON = date(2024, 6, 3) if OLD else date(2026, 11, 23)
NOW = datetime(ON.year, ON.month, ON.day, 2, 0, tzinfo=UTC)
SCALE = "province" if measuring.SMALL else "national"
AIM_MS = {"query": {"commune": 20, "province": 100, "thin": 100}, "page": 100}
TURNS = {"query": 4, "page": 4} if measuring.SMALL else {"query": 20, "page": 40}
HOME, THIN = "40", "11"
PAGES_OF = {"province": None, "commune": None, "thin": 3}
"""How many of the pages are asked as each: all, or the first few, so that a run stays within five minutes."""
PLACES = {"province": (HOME, "province"), "commune": (HOME, "commune"), "thin": (THIN, "province")}
WORDS = (
    "nước sạch", "dot nat", "hộ nghèo", "đường", "nha", "tổ 996 nhà tạm", "xom 3 to 17", "e", "zzz khong co", "bao gio co",
    "ho tro xoa nha tam dot nat nam nay", "tre", "nước trường đất điện", "873", "bảo hiểm y tế cho trẻ em", "sạ", "q",
)  # fmt: skip


def main() -> None:
    with measuring.database():
        from caunoi.figures import actions as nightly
        from caunoi.units import load

        load.load_demo(scale=SCALE)
        began = time.monotonic()
        officers = make_officers()
        cases_fill.fill(cases=CASES, on=ON, at=NOW, assignees=[a for a, _ in officers.values()])
        nightly.count(at=NOW)
        filled = round(time.monotonic() - began)
        print(f"filled in {filled} s")
        stand_as_the_server_does()
        measuring.write(
            "cases_list_2024" if OLD else "cases_list", measure(officers) | {"filled_s": filled}
        )


def stand_as_the_server_does() -> None:
    """Load every view and leave what is loaded to itself, as config/wsgi.py does before the first visitor."""
    from django.urls import get_resolver

    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()


def make_officers() -> dict[str, tuple[int, Any]]:
    """Return for each place an officer's account and unit; three hundred more have cases to themselves."""
    from django.db.backends.postgresql.psycopg_any import DateRange

    from caunoi.staff.models import Account, RoleGrant
    from caunoi.staff.terms import Role
    from caunoi.units.models import UnitVersion

    today = UnitVersion.objects.filter(valid__contains=ON).order_by("sort_key")
    officers = {}
    for who, (code, level) in PLACES.items():
        root = today.filter(level="province", code=code).first()
        version = root and today.filter(path__below=root.path, level=level).first()
        if version is None:
            continue
        account = Account.objects.create(email=f"{who}@caunoi.example", full_name=f"Cán bộ {who}")
        RoleGrant.objects.create(
            account=account,
            unit_id=version.unit_id,
            role=Role.CASE_OFFICER,
            valid=DateRange(date(2020, 1, 1), None),
        )
        officers[who] = (account.pk, version)
    for n in range(300):
        account = Account.objects.create(email=f"n{n}@caunoi.example", full_name=f"Người {n}")
        officers[f"n{n}"] = (account.pk, None)
    return officers


def measure(officers: dict[str, tuple[int, Any]]) -> dict[str, Any]:
    """Ask every door as every officer."""
    from caunoi.cases.models import Case
    from caunoi.staff import queries as staff
    from caunoi.staff.models import Account
    from caunoi.units.models import UnitVersion

    found: dict[str, Any] = {
        "cases": Case.objects.count(),
        "units": UnitVersion.objects.filter(valid__contains=ON).count(),
        "as_of": str(ON),
        "aim_p95_ms": AIM_MS,
    }
    table = []
    for who in PLACES.keys() & officers.keys():
        account = Account.objects.get(pk=officers[who][0])
        viewer = staff.viewer_for(account=account, on=ON, has_second_factor=True)
        asked = {name: _figures(asks, "query") for name, asks in doors(viewer).items()}
        urls = itertools.islice(page_doors(account), 0 if OLD else PAGES_OF[who])
        pages = {url: _figures([ask], "page") for url, ask in urls}
        found[who] = {"query": asked, "page": pages}
        table += [_row(who, n, f, AIM_MS["query"][who]) for n, f in asked.items()]
        table += [_row(who, n, f, AIM_MS["page"]) for n, f in pages.items()]
    _show(table)
    found["above_aim"] = {f"{r['who']}: {r['door']}": r["p95_ms"] for r in table if not r["ok"]}
    found["worst_p95_to_100_ms"] = round(max(r["p95_ms"] for r in table) / 100, 2)
    return found


def _figures(asks: list[Callable[[], Any]], kind: str) -> dict[str, Any]:
    """Time one door, each way of asking in turn, so that noise is shared."""
    for ask in asks:
        ask()
    turns = itertools.islice(itertools.cycle(asks), max(TURNS[kind], len(asks)))
    times = [t for ask in turns for t in measuring.server_times(ask, turns=1)]
    cpu = [worked for _passed, worked in times if worked is not None]
    found = measuring.figures([passed for passed, _worked in times])
    if not cpu:
        return found
    worked = measuring.figures(cpu)
    return found | {"cpu_median_ms": worked["median_ms"], "cpu_p95_ms": worked["p95_ms"]}


def _row(who: str, door: str, figures: dict[str, Any], limit: int) -> dict[str, Any]:
    return {"who": who, "door": door, **figures, "limit": limit, "ok": figures["p95_ms"] <= limit}


def _show(table: list[dict[str, Any]]) -> None:
    """Print each door with its figures beside the limit."""
    print(f"{'door':<64}{'median':>8}{'p95':>8}{'cpu p95':>9}{'limit':>7}  ok")
    for r in table:
        cpu = r.get("cpu_p95_ms", "–")
        ok = "yes" if r["ok"] else "NO"
        name = f"{r['who']}: {r['door']}"
        print(f"{name:<64}{r['median_ms']:>8}{r['p95_ms']:>8}{cpu:>9}{r['limit']:>7}  {ok}")


def doors(viewer: Any) -> dict[str, list[Callable[[], Any]]]:
    """Return what the desk asks of the database: each door with the ways it is asked."""
    from caunoi.cases import filtering, queries
    from caunoi.cases.queries import VIEWS, Filters

    def page(number: str = "1", **chosen: Any) -> Callable[[], Any]:
        filters = Filters(**chosen)
        return lambda: queries.inbox_page(viewer, filters=filters, at=NOW, on=ON, page=number)

    shares = {
        "topic": ("nha_o", "dat_dai", "dien_nuoc", "khong_co"),
        "origin": ("comment", "walk_in"),
        "kind": ("report", "petition", "voter_petition"),
        "state": ("open", "submitted", "closed"),
        "assignee": ("me", "none", "7"),
        "due": filtering.DUE,
    }
    pairs = list(itertools.product(shares["topic"][:2], shares["kind"][1:], WORDS[:6]))
    made: dict[str, list[Callable[[], Any]]] = {f"list: {v}": [page(view=v)] for v in VIEWS}
    made |= {
        f"filter: {name} in {view}": [page(view=view, **{name: w}) for w in words]
        for name, words in shares.items()
        for view in ("todo", "all")
    }
    made |= {
        f"sort: {sort} in {view}": [page(view=view, sort=sort)]
        for sort in filtering.SORTS
        for view in ("todo", "answered", "all")
    }
    made |= {f"search in {v}": [page(view=v, text=w) for w in WORDS] for v in ("todo", "all")}
    made |= {
        "search, oldest first": [page(view="all", text=w, sort="oldest") for w in WORDS],
        "three filters": [page(view="all", topic=t, kind=k, text=w) for t, k, w in pairs],
        "filter: unit": [page(view=v, unit_id=u) for u in _units(viewer) for v in ("todo", "all")],
        "page 20": [page("20", view=v) for v in ("todo", "all", "answered")],
        "page 200": [page("200", view="all")],
        "counts": [lambda: queries.counts(viewer, at=NOW, on=ON)],
        "most urgent": [lambda: queries.most_urgent(viewer, on=ON)],
        "quick find": [lambda w=w: queries.find(viewer, text=w, on=ON, limit=20) for w in WORDS],
        "one case": [
            lambda: queries.case_by_number(viewer, number=f"NA-2026-{CASES // 2:07d}", on=ON)
        ],
    }
    return made


def _units(viewer: Any) -> list[Any]:
    from caunoi.staff.terms import Permission
    from caunoi.units.models import UnitVersion

    below = UnitVersion.objects.filter(
        valid__contains=ON, path__below_any=viewer.scope(Permission.CASES_VIEW)
    ).exclude(level="village")
    ids = list(below.order_by("sort_key").values_list("unit_id", flat=True))
    return random.Random(1).sample(ids, min(6, len(ids)))


def page_doors(account: Any) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield whole pages, and the parts fetched after them, through Django: middleware, queries, template."""
    from unittest import mock

    from django.test import Client

    import config.wsgi  # noqa: F401 - everything is loaded, as in the server
    from caunoi.cases.models import Case
    from caunoi.kit import clock
    from caunoi.staff.models import RoleGrant

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    own = RoleGrant.objects.filter(account=account).values("unit_id")
    case = Case.objects.filter(owner__in=own).values_list("number", flat=True).first()
    urls = {
        "/hop-thu/": "", "/hop-thu/?view=all": "", "/hop-thu/?view=all&page=20": "", "/hop-thu/?view=answered": "",
        "/hop-thu/?view=overdue": "", "/hop-thu/?topic=nha_o": "", "/hop-thu/?view=all&q=nước+sạch": "",
        "/hop-thu/?view=all&q=tổ+996+nhà+tạm": "", "/hop-thu/?q=ho+ngheo": "",
        "/hop-thu/?view=all&topic=dat_dai&kind=petition&sort=oldest": "", "/hop-thu/?dem=1": "inbox-counts",
        "/hop-thu/?loc=1": "inbox-filter", "/hom-nay/": "", "/tim/?q=nước+sạch": "", "/quan-tri/tien-do/": "",
        "/quan-tri/tien-do/?topic=nha_o": "", **({f"/vu-viec/{case}/": ""} if case else {}),
    }  # fmt: skip

    def ask(url: str, part: str) -> Callable[[], Any]:
        headers = {"HX-Request": "true", "HX-Target": part} if part else {}

        def get() -> None:
            with mock.patch.object(clock, "now", return_value=NOW):
                answer = client.get(url, headers=headers)
            assert answer.status_code == 200, (url, answer.status_code)

        return get

    for url, part in urls.items():
        yield f"{url} {part}".strip(), ask(url, part)


if __name__ == "__main__":
    main()
