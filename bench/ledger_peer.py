"""django-hordak posting transfers in a database of its own: started by bench/ledger.py with its own Python. Prints one line of JSON."""

import json
import sys
import time
from urllib.parse import parse_qs, urlparse


def main(url: str, n: int) -> None:
    import django
    from django.conf import settings

    parts = urlparse(url)
    more = {k: v[0] for k, v in parse_qs(parts.query).items()}
    settings.configure(
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "mptt", "hordak"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parts.path.strip("/"),
                "USER": parts.username or more.get("user", ""),
                "PASSWORD": parts.password or "",
                "HOST": parts.hostname or more.get("host", ""),
                "PORT": str(parts.port or more.get("port", "")),
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        DEFAULT_CURRENCY="VND",
        CURRENCIES=["VND"],
        SECRET_KEY="bench",
    )
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(json.dumps(measure(n)))


def measure(n: int) -> dict:
    from datetime import date

    import hordak
    from django.db import transaction
    from hordak.models import Account, Leg, Transaction
    from moneyed import Money

    makes = {"currencies": ["VND"]}
    givers = Account.objects.create(name="Givers", code="1", type=Account.TYPES.income, **makes)
    hand = Account.objects.create(name="On hand", code="2", type=Account.TYPES.asset, **makes)
    amount, day = Money(50_000, "VND"), date(2026, 9, 10)
    began = time.perf_counter()
    for _turn in range(n):
        givers.transfer_to(hand, amount, description="x", date=day)
    single = n / (time.perf_counter() - began)
    names = {f.name for f in Leg._meta.get_fields()}
    began = time.perf_counter()
    for at in range(0, n, 1_000):
        with transaction.atomic():
            made = Transaction.objects.bulk_create(
                [Transaction(description="x", date=day) for _ in range(min(1_000, n - at))]
            )
            Leg.objects.bulk_create([leg for one in made for leg in _legs(one, givers, hand, amount, names)])  # fmt: skip
    bulk = n / (time.perf_counter() - began)
    return {
        "version": getattr(hordak, "__version__", ""),
        "one_by_one": round(single),
        "in_bulk": round(bulk),
        "postings": 2 * n,
    }


def _legs(one, givers, hand, amount, names):
    from hordak.models import Leg

    if "debit" in names:
        return [Leg(transaction=one, account=givers, credit=amount), Leg(transaction=one, account=hand, debit=amount)]  # fmt: skip
    return [Leg(transaction=one, account=givers, amount=amount), Leg(transaction=one, account=hand, amount=-amount)]  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
