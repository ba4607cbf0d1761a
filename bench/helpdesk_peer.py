"""django-helpdesk on the same server, measured in the same way. Run by ``bench/helpdesk.py`` inside a throw-away environment
that holds it; knows nothing of ours. Prints one JSON object.

    python helpdesk_peer.py DATABASE_URL ROWS TURNS SECONDS < texts
"""

import gc
import json
import os
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlencode, urlsplit

import django
from django.conf import settings

URL, ROWS, TURNS, SECONDS = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
BATCH = 2000
urlpatterns: list = []


def configure() -> None:
    """As its own documentation says, without the team extra; letters are kept in memory."""
    parts = urlsplit(URL)
    query = dict(p.split("=", 1) for p in parts.query.split("&") if p)
    settings.configure(
        SECRET_KEY="bench",
        DEBUG=False,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parts.path.lstrip("/"),
                "USER": parts.username,
                "HOST": unquote(query.get("host", parts.hostname or "")),
                "PORT": parts.port or "",
                "CONN_MAX_AGE": 600,
            }
        },
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.sites",
            "django.contrib.humanize",
            "django.contrib.staticfiles",
            "django.contrib.admin",
            "rest_framework",
            "helpdesk",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.debug",
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        SITE_ID=1,
        USE_TZ=True,
        LANGUAGE_CODE="en",
        STATIC_URL="/static/",
        MEDIA_ROOT=os.getcwd(),
        MEDIA_URL="/media/",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
        HELPDESK_TEAMS_MODEL="auth.User",
        HELPDESK_TEAMS_MIGRATION_DEPENDENCIES=[],
        HELPDESK_KBITEM_TEAM_GETTER=lambda kbitem: None,
        HELPDESK_ACTIVATE_API_ENDPOINT=True,
    )
    django.setup()
    from django.urls import include, path

    urlpatterns.append(path("", include("helpdesk.urls", namespace="helpdesk")))


def fill(texts: list[str]) -> None:
    """Write as many tickets as we have cases: the same texts, a twentieth of them open."""
    from django.contrib.auth.models import User
    from helpdesk.models import Queue, Ticket

    user = User.objects.create_superuser("an", "an@caunoi.example", "x")
    queues = [
        Queue.objects.create(title=f"Hàng đợi {n}", slug=f"q{n}", allow_public_submission=True)
        for n in range(20)
    ]
    now, chance = datetime.now(UTC), random.Random(7)
    for start in range(0, ROWS, BATCH):
        rows = []
        for n in range(start, min(start + BATCH, ROWS)):
            text = texts[n % len(texts)]
            open_one = chance.random() < 0.05
            rows.append(
                Ticket(
                    queue=queues[n % 20],
                    title=text[:150],
                    description=f"{text} Nhà tôi ở xóm {n % 28}, tổ {n % 997}",
                    submitter_email=f"d{n}@caunoi.example",
                    status=Ticket.OPEN_STATUS if open_one else Ticket.CLOSED_STATUS,
                    priority=3,
                    assigned_to=user if n % 3 == 0 else None,
                    created=now - timedelta(minutes=chance.randrange(1, 700_000)),
                    modified=now,
                    secret_key=f"k{n}",
                )
            )
        Ticket.objects.bulk_create(rows)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def timed(ask) -> list[float]:
    """Milliseconds of each turn after one that does not count; stops when the time is used up, after three turns at least."""
    ask()
    times, began = [], time.perf_counter()
    while len(times) < TURNS and (len(times) < 3 or time.perf_counter() - began < SECONDS):
        start = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - start))
    return times


def main() -> None:
    texts = json.load(sys.stdin)
    configure()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    fill(texts)
    from django.contrib.auth.models import User
    from django.test import Client
    from helpdesk.models import Ticket
    from helpdesk.query import query_to_base64

    # as ours: what is loaded is left to itself, so that neither pays for the other's garbage
    gc.collect()
    gc.freeze()
    client = Client()
    client.force_login(User.objects.get())
    keys = list(Ticket.objects.values_list("pk", flat=True)[:500])
    chance = random.Random(7)
    query = query_to_base64(
        {"filtering": {"status__in": [1, 2, 6]}, "sorting": "created", "search_string": ""}
    )
    count = iter(range(10**9))

    def got(response, *codes) -> None:
        if response.status_code not in (codes or (200,)):
            raise SystemExit(f"{response.status_code}: {response.content[:400]!r}")

    def table(search: str = "") -> None:
        given = {"draw": 1, "start": 0, "length": 25, "search[value]": search}
        given |= {"order[0][column]": 0, "order[0][dir]": "desc", "columns[0][data]": "ticket"}
        got(client.get(f"/datatables_ticket_list/{query}?{urlencode(given)}"))

    def create() -> None:
        said = {"queue": 1, "title": f"Câu hỏi {next(count)}", "description": chance.choice(texts)}
        said |= {"submitter_email": "dung@caunoi.example", "priority": 3}
        got(client.post("/api/tickets/", said, content_type="application/json"), 201)

    asked = {
        "create_api": create,
        "list_api": lambda: got(client.get("/api/tickets/?page_size=25&status=1")),
        "list_page": lambda: (got(client.get("/tickets/")), table()),
        "search": lambda: table(chance.choice(["nước", "xóm 3", "hộ nghèo", "tổ 996"])),
        "open_page": lambda: got(client.get(f"/tickets/{chance.choice(keys)}/")),
        "open_api": lambda: got(client.get(f"/api/tickets/{chance.choice(keys)}/")),
    }
    print(json.dumps({"rows": Ticket.objects.count()} | {n: timed(a) for n, a in asked.items()}))


if __name__ == "__main__":
    main()
