"""10,000 rows both ways: the inbox and the library out as XLSX and CSV, old answers in. Each within 30 s.

Writes bench/results/sheets.json.
"""

import time
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

from bench import measuring

ROWS = 100 if measuring.SMALL else 10_000
AIM_S = 30
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def main() -> None:
    with measuring.database():
        measuring.write("sheets", _measure())


def _measure() -> dict[str, Any]:
    from caunoi.answers import actions_import
    from caunoi.cases.tests.factories import many_cases
    from caunoi.staff.terms import Role
    from caunoi.staff.tests.factories import client_for, make_staff
    from caunoi.units.tests.factories import small_tree

    tree = small_tree()
    officer = make_staff(name="Trần Văn Bình", unit_id=tree["bich_hao"].pk, role=Role.APPROVER)
    many_cases(unit=tree["bich_hao"], n=ROWS, at=NOW)
    client = client_for(officer)
    client.defaults["HTTP_HOST"] = "127.0.0.1"
    found: dict[str, Any] = {"rows": ROWS, "aim_s": AIM_S}
    body = _sheet()
    began = time.monotonic()
    made = actions_import.check_sheet(
        unit_id=tree["bich_hao"].pk, file_name="cu.xlsx", body=body, by=officer, at=NOW
    )
    found["look_at_s"] = _since(began)
    actions_import.start_import(made=made, by=officer, at=NOW)
    began = time.monotonic()
    while actions_import.work_on(made=made, at=NOW):
        pass
    found["publish_s"] = _since(began)
    for name, address in {
        "inbox_xlsx_s": "/hop-thu/?view=all&xlsx=1",
        "inbox_csv_s": "/hop-thu/?view=all&csv=1",
        "library_xlsx_s": "/quan-tri/hoi-dap/?xlsx=1",
        "library_csv_s": "/quan-tri/hoi-dap/?csv=1",
    }.items():
        began = time.monotonic()
        answer = client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[name] = _since(began)
        found[name.replace("_s", "_bytes")] = len(content)
    made.refresh_from_db()
    actions_import.AnswerImport.objects.filter(pk=made.pk).update(finished_at=NOW)
    actions_import.undo_import(made=made, by=officer, at=NOW)
    began = time.monotonic()
    while actions_import.work_on(made=made, at=NOW):
        pass
    found["take_back_s"] = _since(began)
    return found


def _sheet() -> bytes:
    from caunoi.answers import importing
    from caunoi.kit import sheets

    rows = (
        (
            f"Đường vào xóm {k} của bản Huồi {k % 97} bao giờ được sửa?",
            f"Xã đã có kế hoạch số {k}, sửa trong quý {k % 4 + 1}.",
            "UBND xã",
            "",
            date(2020, 1, 1) + timedelta(days=k % 1500),
        )
        for k in range(ROWS)
    )
    return BytesIO(sheets.write(importing.HEADER, rows)).getvalue()


def _since(began: float) -> float:
    return round(time.monotonic() - began, 1)


if __name__ == "__main__":
    main()
