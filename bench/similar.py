"""The proposals of "already answered": how right they are on questions nobody wrote for them, and how fast over 1,000,000 answers.

Right: every question is asked while itself is out of the library (leave one out), beside bm25s on the same texts; then other
wordings (caunoi/answers/tests/wordings). ``python -m bench.similar right`` measures that alone. Fast: invented answers, half of
them near-copies of the questions, the others mixed from the word lists and the names of communes; one process, real queries.
Writes bench/results/similar.json.
"""

import csv
import json
import os
import platform
import random
import statistics
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
ANSWERS = int(os.environ.get("BENCH_ANSWERS", "1000000"))
SERVER = {"shared_buffers": "1GB", "maintenance_work_mem": "1GB", "max_wal_size": "8GB"}
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ON = date(2026, 11, 23)
P95_AIM_MS = 50
AIMS = {"first": 0.93, "in_three": 0.97, "kept": 0.90, "spared": 0.80}
QUESTIONS = ROOT / "tests" / "chaos" / "questions.csv"
OUT = ROOT / "bench" / "results" / "similar.json"
WORDINGS = ROOT / "caunoi" / "answers" / "tests" / "wordings"
NEAR_COPIES = 0.5
OPENINGS = [
    "",
    "",
    "Cho hỏi ",
    "Kính gửi Mặt trận, ",
    "Bà con hỏi: ",
    "cho e hoi ",
    "Dạ thưa cán bộ, ",
]


def main() -> None:
    from caunoi.kit import postgres

    with postgres.temporary({**postgres.FAST_AND_FORGETFUL, **SERVER}) as server:
        _prepare(server)
        figures: dict[str, object] = {"right": _right(), "peer_bm25s": _peer()}
        if "right" in sys.argv[1:]:
            _write_right(figures)
            return
        began = time.monotonic()
        rows = _fill()
        print(f"{rows} answers in {time.monotonic() - began:.0f} s")
        figures["fast"] = _fast(rows, round(time.monotonic() - began, 1))
        _write(figures)
        from django.db import connection

        connection.close()


def _prepare(server) -> None:
    import psycopg

    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute("CREATE ROLE caunoi LOGIN CREATEDB")
        admin.execute("CREATE DATABASE bench OWNER caunoi")
    os.environ |= {
        "DATABASE_URL": server.url("bench", user="caunoi"),
        "BENCH_OWNER_URL": server.url("bench"),
        "DJANGO_SETTINGS_MODULE": "config.settings_test",
    }
    import django

    django.setup()
    from django.core.management import call_command

    from caunoi.units import load

    call_command("migrate", verbosity=0)
    load.load_demo(scale="province")


def _read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _right() -> dict[str, object]:
    """Ask each question while it is out of the library; then the other wordings with the whole library."""
    from caunoi.answers import index
    from caunoi.answers.models import PublishedAnswer

    questions = _read(QUESTIONS)
    stored = {q["id"]: _publish(q) for q in questions}
    groups = {stored[q["id"]].number: q["group"] for q in questions}
    figures: dict[str, object] = {
        f"leave_one_out_place_{place}": _leave_one_out(questions, stored, groups, place)
        for place in ("unknown", "known")
    }
    for file in sorted(WORDINGS.glob("*.csv")):
        asked = [(w["group"], _ask(w["text"], None, w["group"], groups)) for w in _read(file)]
        figures[f"other_wordings_{file.stem}"] = _shares([a for g, a in asked if g]) | {
            "spared": _part([a[2] for g, a in asked if not g])
        }
    PublishedAnswer.objects.all().delete()
    index.rebuild()
    return figures


def _leave_one_out(questions, stored, groups, place: str) -> dict[str, object]:
    sizes = Counter(q["group"] for q in questions)
    twins, lonely, bereft = [], [], []
    for q in questions:
        unit = stored[q["id"]].unit_id if place == "known" else None
        with _out(stored, [q["id"]]):
            if sizes[q["group"]] > 1:
                twins.append(_ask(q["text"], unit, q["group"], groups))
            else:
                lonely.append(_ask(q["text"], unit, "", groups)[2])
        with _out(stored, [x["id"] for x in questions if x["group"] == q["group"]]):
            bereft.append(_ask(q["text"], unit, "", groups)[2])
    return _shares(twins) | {
        "spared_of_questions_without_a_twin": _part(lonely),
        "spared_when_the_whole_group_is_out": _part(bereft),
    }


@contextmanager
def _out(stored, ids: list[str]) -> Iterator[None]:
    """Take these answers out of the index for a while."""
    from caunoi.answers import index
    from caunoi.answers.terms import AnswerState

    for state in (AnswerState.WITHDRAWN, AnswerState.VALID):
        for i in ids:
            stored[i].state = state.value
            index.put(stored[i])
        if state == AnswerState.WITHDRAWN:
            yield


def _ask(text: str, unit_id, group: str, groups) -> tuple[bool, bool, bool]:
    """Return whether the right group came first, is in the first three, and whether it (or without one: anything) was proposed."""
    ranked = _ranked(text, unit_id, groups, threshold=0)
    proposed = _ranked(text, unit_id, groups)
    return (
        ranked[:1] == [group],
        group in ranked[:3],
        group in proposed if group else bool(proposed),
    )


def _part(proposed: list[bool]) -> str:
    return f"{len(proposed) - sum(proposed)}/{len(proposed)}"


def _shares(answers: list[tuple[bool, bool, bool]]) -> dict[str, object]:
    n = len(answers)
    first, three, kept = (sum(a[i] for a in answers) for i in range(3))
    return {
        "first": f"{first}/{n}",
        "in_three": f"{three}/{n}",
        "kept_with_threshold": f"{kept}/{n}",
    }


def _publish(q: dict[str, str]):
    from caunoi.answers import index
    from caunoi.answers.models import PublishedAnswer
    from caunoi.units import queries as units

    hint = q["unit_hint"].split("|")[0]
    found = (
        units.search(text=hint, on=ON, limit=1)
        if hint
        else units.search(text="Tỉnh Nghệ An", on=ON, limit=1)
    )
    heirs = [h.unit for h in units.successors(unit_id=found[0].unit.id, on=ON) if h.unit]
    unit = heirs[0] if heirs else found[0].unit
    published = PublishedAnswer.objects.create(
        number=f"BENCH-{q['id']}", unit_id=unit.id, title=q["text"][:160], question=q["text"],
        answer=f"Trả lời {q['id']}", agency="Mặt trận", topic="", published_at=NOW, approved_by_name="Bình",
    )  # fmt: skip
    index.put(published)
    return published


def _ranked(
    text: str, unit_id, groups: dict[str, str], threshold: float | None = None
) -> list[str]:
    from caunoi.answers import matching, queries

    usual = matching.THRESHOLD
    if threshold is not None:
        matching.THRESHOLD = threshold
    try:
        found = queries.similar(text=text, on=ON, unit_id=unit_id, limit=9)
    finally:
        matching.THRESHOLD = usual
    return list(dict.fromkeys(groups[p.answer.number] for p in found))


def _peer() -> dict[str, object]:
    """The same leave-one-out with bm25s over folded words; its own best threshold, chosen with the answers in sight."""
    import logging

    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)

    from caunoi.kit.text import fold

    questions = _read(QUESTIONS)
    sizes = Counter(q["group"] for q in questions)

    def ranked(text: str, library: list[dict[str, str]]) -> list[tuple[str, float]]:
        engine = bm25s.BM25()
        engine.index(
            bm25s.tokenize([fold(q["text"]) for q in library], stopwords=None, show_progress=False),
            show_progress=False,
        )
        asked = bm25s.tokenize(fold(text), stopwords=None, show_progress=False)
        found, scores = engine.retrieve(asked, k=min(12, len(library)), show_progress=False)
        best: dict[str, float] = {}
        for at, score in zip(found[0], scores[0], strict=True):
            best.setdefault(library[int(at)]["group"], float(score))
        return list(best.items())

    twins, right_scores, wrong_scores = [], [], []
    for q in questions:
        if sizes[q["group"]] > 1:
            found = ranked(q["text"], [x for x in questions if x is not q])
            names = [g for g, _ in found]
            twins.append((names[:1] == [q["group"]], q["group"] in names[:3]))
            right_scores.append(dict(found).get(q["group"], 0.0))
        without = ranked(q["text"], [x for x in questions if x["group"] != q["group"]])
        wrong_scores.append(without[0][1])
    keeps = sorted(right_scores)[len(right_scores) // 10]
    others = [
        (w["group"], ranked(w["text"], questions))
        for w in _read(WORDINGS / "first.csv")
        if w["group"]
    ]
    return {
        "first": f"{sum(t[0] for t in twins)}/{len(twins)}",
        "in_three": f"{sum(t[1] for t in twins)}/{len(twins)}",
        "other_wordings_first": f"{sum(r[0][0] == g for g, r in others)}/{len(others)}",
        "other_wordings_in_three": f"{sum(g in [x for x, _ in r[:3]] for g, r in others)}/{len(others)}",
        "spared_when_90_pct_are_kept": f"{sum(s < keeps for s in wrong_scores)}/{len(wrong_scores)}",
    }


def _fill() -> int:
    """Write the rows first and build the index of terms afterwards, as a restore would."""
    import psycopg
    from django.db import connection

    from caunoi.answers import index
    from caunoi.answers.models import IndexedQuestion, PublishedAnswer

    places = _communes()
    later = [(m, i) for m in (PublishedAnswer, IndexedQuestion) for i in m._meta.indexes]
    with connection.schema_editor() as editor:
        for model, one in later:
            editor.remove_index(model, one)
    with psycopg.connect(os.environ["BENCH_OWNER_URL"]) as owner:
        owner.execute("SET session_replication_role = replica")
        terms = []
        with owner.cursor().copy(
            "COPY answers_publishedanswer (id, number, unit_id, title, question, answer, agency, topic, state, published_at,"
            " approved_by_name, correction, law_note) FROM STDIN"
        ) as copy:
            for answer_id, unit_id, text, hashes in _rows(places):
                number = f"{text[0]}-{len(terms)}"
                copy.write_row(
                    (
                        answer_id,
                        number,
                        unit_id,
                        text[1][:160],
                        text[1],
                        f"Trả lời {number}",
                        "Mặt trận",
                        "",
                        "valid",
                        NOW,
                        "B",
                        "",
                        "",
                    )
                )
                terms.append((answer_id, hashes))
        with owner.cursor().copy(
            "COPY answers_indexedquestion (answer_id, terms) FROM STDIN"
        ) as copy:
            for answer_id, hashes in terms:
                copy.write_row((answer_id, list(hashes)))
    with connection.schema_editor() as editor:
        editor.add_index(IndexedQuestion, IndexedQuestion._meta.indexes[0])
    with connection.cursor() as cursor:
        cursor.execute(index.RECOUNT)
        cursor.execute(
            "VACUUM ANALYZE answers_publishedanswer, answers_indexedquestion, answers_termcount"
        )
    return len(terms)


def _communes() -> list[tuple[uuid.UUID, str, str]]:
    from caunoi.units.models import UnitVersion

    rows = UnitVersion.objects.filter(valid__contains=ON, level="commune").order_by("pk")
    return [
        (u, name, str(path).split(".")[0])
        for u, name, path in rows.values_list("unit_id", "full_name", "path")
    ]


def _rows(places: list) -> Iterator[tuple]:
    """Yield (id, unit, (family, text), hashed terms); the pieces' terms are worked out once each."""
    from functools import cache

    from caunoi.answers import index
    from caunoi.answers.wording import LISTS, phrases, wording

    @cache
    def terms(piece: str, province: str) -> frozenset[int]:
        return frozenset(index.hashed_terms(wording(piece).terms, province))

    dice = random.Random(7)
    base = [(q["group"], q["text"]) for q in _read(QUESTIONS)]
    pieces = [w for row in _read(LISTS / "synonyms.csv") for w in row["ways"].split(";")]
    pieces += [" ".join(phrase) for phrase in phrases()]
    for _ in range(ANSWERS):
        unit_id, name, province = dice.choice(places)
        tail = f"{name}, xóm {int(dice.paretovariate(0.7)) % 60}"
        if dice.random() < NEAR_COPIES:
            family, text = dice.choice(base)
            parts = [text, *dice.sample(pieces, dice.randrange(0, 3)), tail]
        else:
            family, parts = "other", [*dice.sample(pieces, dice.randrange(3, 8)), tail]
        hashes = frozenset().union(*(terms(p, province) for p in parts))
        text = dice.choice(OPENINGS) + ". ".join(parts)
        yield uuid.UUID(int=dice.getrandbits(128)), unit_id, (family, text), sorted(hashes)


def _fast(rows: int, filled: float) -> dict[str, object]:
    from caunoi.answers import queries

    asked = [q["text"] for q in _read(QUESTIONS)] + [
        w["text"] for w in _read(WORDINGS / "first.csv")
    ]
    families = [q["group"] for q in _read(QUESTIONS)] + [
        w["group"] for w in _read(WORDINGS / "first.csv")
    ]
    dice = random.Random(3)
    places = [u for u, _, _ in _communes()]
    figures: dict[str, object] = {
        "answers": rows,
        "filled_in_seconds": filled,
        "questions_asked": len(asked),
    }
    for where in ("everywhere", "one_province"):
        unit = [dice.choice(places) if where == "one_province" else None for _ in asked]
        for text, u in zip(asked, unit, strict=True):
            queries.similar(text=text, on=ON, unit_id=u)
        times, right, proposed = [], [], 0
        for text, u, family in zip(asked, unit, families, strict=True):
            began = time.perf_counter()
            found = queries.similar(text=text, on=ON, unit_id=u)
            times.append(1000 * (time.perf_counter() - began))
            proposed += bool(found)
            if family:
                right.append(family in {p.answer.number.split("-")[0] for p in found})
        times.sort()
        figures[where] = {
            "p50_ms": round(statistics.median(times), 1), "p95_ms": round(times[int(0.95 * len(times))], 1),
            "worst_ms": round(times[-1], 1), "right_family_in_three": f"{sum(right)}/{len(right)}", "asked_with_proposals": proposed,
        }  # fmt: skip
        print(where, figures[where])
    return figures


def _write(figures: dict[str, object]) -> None:
    result = {
        "at": datetime.now(UTC).isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "aims": {**AIMS, "p95_ms": P95_AIM_MS},
        **figures,
    }
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1, ensure_ascii=False))


def _write_right(figures: dict[str, object]) -> None:
    """Put the new figures of rightness beside the old ones of speed, each with its own day."""
    from django.db import connection

    connection.close()
    before = json.loads(OUT.read_text(encoding="utf-8"))
    kept = before | {"right_at": datetime.now(UTC).isoformat(), **figures}
    OUT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
