"""A list of people from a spreadsheet: everybody is invited, or nobody and each wrong cell is named."""

import time
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from caunoi.kit.models import AuditEntry
from caunoi.staff import people_import
from caunoi.staff.models import Invitation
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import client_for, make_staff
from caunoi.units.terms import Level
from caunoi.units.tests.factories import make_unit, small_tree
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
GOOD = ["Nguyễn Thị An", "an@xa.example", "0912345678", "Xã Bích Hào", "cán bộ"]
ADDRESS = "/quan-tri/nguoi/danh-sach/"


@pytest.fixture
def tree():
    return small_tree()


@pytest.fixture
def chi(tree):
    return make_staff(name="Hoàng Thị Chi", unit_id=tree["nghe_an"].pk, role=Role.ADMINISTRATOR)


def sheet(*rows, header=people_import.HEADER):
    book = Workbook()
    page = book.active
    page.append(header)
    for row in rows:
        page.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def read(*rows, by=None, **words):
    return people_import.read_people(content=sheet(*rows, **words), by=by, at=MONDAY)


def said(outcome):
    return [str(e) for e in outcome.errors]


def row(**changes):
    fields = dict(zip(("name", "email", "phone", "unit", "role"), GOOD, strict=True))
    return list((fields | changes).values())


def test_a_good_row_is_understood(tree):
    (person,) = read(GOOD).people

    assert (person.full_name, person.unit.slug, person.role) == (
        "Nguyễn Thị An",
        "xa-bich-hao",
        Role.CASE_OFFICER,
    )


@pytest.mark.parametrize(
    ("unit", "role", "found"),
    [
        ("bich hao", "CÁN BỘ", Role.CASE_OFFICER),
        ("17818", "duyệt", Role.APPROVER),
        ("xa-bich-hao", "quan tri", Role.ADMINISTRATOR),
        (" Xã  Bích Hào ", "Đơn thư", Role.SEALED_OFFICER),
    ],
)
def test_units_and_roles_are_understood_as_people_write_them(tree, unit, role, found):
    (person,) = read(row(unit=unit, role=role)).people

    assert person.unit.slug == "xa-bich-hao"
    assert person.role == found


def test_a_phone_number_the_sheet_took_for_a_number_gets_its_zero_back(tree):
    (person,) = read(row(phone=912345678)).people

    assert person.phone == "0912345678"


@pytest.mark.parametrize(
    ("change", "where", "remedy"),
    [
        ({"name": "An"}, "Họ và tên", "Ghi đủ họ và tên."),
        ({"email": "an.xa.example"}, "Thư điện tử", "không phải địa chỉ thư"),
        ({"email": ""}, "Thư điện tử", "Ghi địa chỉ thư."),
        ({"phone": "gọi chiều"}, "Điện thoại", "chỉ gồm chữ số"),
        ({"unit": "Xã Nào Đó"}, "Đơn vị", "Không rõ “Xã Nào Đó”"),
        ({"unit": ""}, "Đơn vị", "Ghi đủ tên"),
        ({"role": "trưởng phòng"}, "Vai trò", "Ghi: xem, cộng tác viên"),
    ],
)
def test_a_wrong_cell_is_named_with_row_column_and_remedy(tree, change, where, remedy):
    (error,) = said(read(GOOD, row(**{"email": "b@xa.example"} | change)))

    assert error.startswith(f"Dòng 3, cột {where}: ")
    assert remedy in error


def test_a_name_that_fits_several_communes_lists_them(tree):
    make_unit(name="Xã Bích Hào", level=Level.COMMUNE, parent=tree["lao_cai"], code="02999")

    (error,) = said(read(GOOD))

    assert "xa-bich-hao-02999 (Tỉnh Lào Cai)" in error


def test_the_same_address_twice_and_an_address_with_an_account_are_wrong(tree, chi):
    errors = said(read(GOOD, row(), row(email=chi.email)))

    assert errors == [
        "Dòng 3, cột Thư điện tử: Địa chỉ này đã có ở dòng trên.",
        "Dòng 4, cột Thư điện tử: Người này đã có tài khoản.",
    ]


def test_a_unit_outside_ones_reach_is_wrong_in_its_own_row(tree, chi):
    errors = said(read(row(unit="Xã Cao Sơn"), by=chi))

    assert errors == ["Dòng 2, cột Đơn vị: Xã Cao Sơn ngoài phạm vi bạn quản lý."]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+An Nguyễn", "@SUM(A1) x", "-2 An"])
def test_a_name_that_a_spreadsheet_would_run_is_refused(tree, name):
    book = sheet(row(name="An Nguyễn"))
    content = _replace_text(book, "An Nguyễn", name)

    outcome = people_import.read_people(content=content, by=None, at=MONDAY)

    assert outcome.people == []
    assert "Họ và tên" in said(outcome)[0]


def _replace_text(content, old, new):
    """Write the cell as plain text, whatever it looks like."""
    book = load_workbook(BytesIO(content))
    cell = next(c for r in book.active.iter_rows() for c in r if c.value == old)
    cell.value, cell.data_type = new, "s"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_formula_counts_as_its_result_or_as_nothing_never_as_an_instruction(tree):
    outcome = read(row(name='=CONCATENATE("Nguyễn"," An")'))

    assert outcome.people == []
    assert "Dòng 2, cột Họ và tên" in said(outcome)[0]


def test_hidden_marks_and_nul_are_dropped():
    assert people_import._text("Nguyễn\x00 Thị\u200b An\u202e") == "Nguyễn Thị An"


@pytest.mark.parametrize(
    "header",
    [
        ["Tên", "Email", "SĐT", "Đơn vị", "Vai trò"],
        ["Thư điện tử", "Họ và tên", "Điện thoại", "Đơn vị", "Vai trò"],
        ["Họ và tên"],
    ],
)
def test_a_wrong_first_row_says_what_it_must_be(tree, header):
    (error,) = said(read(GOOD, header=header))

    assert "Dòng đầu phải là: Họ và tên, Thư điện tử, Điện thoại, Đơn vị, Vai trò." in error


def test_headers_without_accents_are_fine(tree):
    header = ["ho va ten", "THU DIEN TU", "Dien thoai", "don vi", "vai tro"]

    assert len(read(GOOD, header=header).people) == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a book", b"a,b,c\n1,2,3", b"\x00" * 50])
def test_a_file_that_is_no_spreadsheet_is_said_so(tree, content):
    outcome = people_import.read_people(content=content, by=None, at=MONDAY)

    assert "Không đọc được tệp" in said(outcome)[0]


def test_an_empty_list_and_a_list_too_long_are_said_so(tree):
    assert "chưa có ai" in said(read())[0]
    long = [row(email=f"p{n}@xa.example") for n in range(people_import.MAX_ROWS + 1)]
    assert "Nhiều hơn 5000" in said(read(*long))[0]


def test_a_thousand_people_are_invited_quickly_and_in_a_few_queries(
    tree, chi, django_assert_max_num_queries
):
    content = sheet(*[row(email=f"p{n}@xa.example") for n in range(1000)])
    begun = time.perf_counter()

    with django_assert_max_num_queries(60):
        outcome = people_import.import_people(content=content, by=chi, at=MONDAY)

    assert outcome.invited == 1000
    assert time.perf_counter() - begun < 20
    assert AuditEntry.objects.latest("pk").after["count"] == 1000


def test_one_wrong_row_and_nobody_is_invited(tree, chi):
    content = sheet(GOOD, row(email="x"))

    outcome = people_import.import_people(content=content, by=chi, at=MONDAY)

    assert outcome.errors
    assert Invitation.objects.count() == 0


# --- the page


def upload(client, content, **words):
    file = SimpleUploadedFile("danh-sach.xlsx", content)
    return client.post(ADDRESS, {"file": file, **words})


def test_the_list_is_shown_before_anybody_is_invited_and_confirmed_without_choosing_it_again(
    tree, chi
):
    client = client_for(chi)

    look = upload(client, sheet(GOOD))
    assert "1 người, không có lỗi" in look.content.decode()
    assert Invitation.objects.count() == 0

    done = client.post(ADDRESS, {"kept": look.context["kept"], "confirm": "1"})
    assert "Đã mời 1 người" in done.content.decode()
    assert Invitation.objects.get().email == "an@xa.example"


def test_a_list_kept_for_one_person_is_no_use_to_another(tree, chi):
    other = make_staff(name="Võ Thị Lan", unit_id=tree["nghe_an"].pk, role=Role.ADMINISTRATOR)
    kept = upload(client_for(chi), sheet(GOOD)).context["kept"]

    answer = client_for(other).post(ADDRESS, {"kept": kept, "confirm": "1"})

    assert answer.status_code == 302
    assert Invitation.objects.count() == 0


def test_errors_are_shown_and_can_be_taken_along_as_a_spreadsheet(tree, chi):
    client = client_for(chi)
    look = upload(client, sheet(*[row(email=f"x{n}") for n in range(8)]))

    assert look.status_code == 422
    assert "Dòng 2, cột Thư điện tử" in look.content.decode()
    file = client.post(ADDRESS, {"kept": look.context["kept"], "errors": "1"})

    table = list(load_workbook(BytesIO(file.content)).active.iter_rows(values_only=True))
    assert table[0] == ("Dòng", "Cột", "Cần sửa")
    assert len(table) == 9


def test_a_whole_list_can_be_taken_back(tree, chi):
    client = client_for(chi)
    kept = upload(client, sheet(GOOD, row(email="b@xa.example"))).context["kept"]
    done = client.post(ADDRESS, {"kept": kept, "confirm": "1"})

    client.post("/quan-tri/loi-moi/rut-danh-sach/", {"list": done.context["signed"]})

    assert Invitation.objects.filter(withdrawn_at=None).count() == 0


def test_the_template_can_be_filled_in_and_read_back(tree, chi):
    template = client_for(chi).get(ADDRESS, {"template": "1"}).content

    (person,) = people_import.read_people(content=template, by=None, at=MONDAY).people

    assert person.email == "an@xa.example"
