"""A province with two communes, its people, and a relief campaign that is open."""

from datetime import date

from caunoi.campaigns import actions
from caunoi.staff.terms import Role
from caunoi.staff.tests.factories import make_staff
from tests.cast import MONDAY

FIELDS = {
    "slug": "lu-quet-ky-son",
    "kind": "relief",
    "title": "Chung tay sau lũ quét Kỳ Sơn",
    "purpose": "Dựng lại nhà, chuồng trại và đường vào bản.",
    "legal_basis": "Nghị định 93/2021/NĐ-CP",
    "launched_by": "Ban Thường trực Ủy ban MTTQ tỉnh Nghệ An",
    "starts_on": date(2026, 11, 1),
    "ends_on": date(2027, 1, 29),
    "hand_out_by": date(2027, 2, 15),
    "bank": "970436",
    "bank_name": "Vietcombank",
    "account_number": "1017588888",
    "account_holder": "QUY CUU TRO TINH NGHE AN",
}


def people(tree):
    def make(name, unit, role):
        return make_staff(name=name, unit_id=tree[unit].pk, role=role)

    return {
        "hanh": make("Hồ Thị Hạnh", "nghe_an", Role.EDITOR),
        "phuc": make("Lê Văn Phúc", "nghe_an", Role.APPROVER),
        "binh": make("Trần Văn Bình", "bich_hao", Role.APPROVER),
        "khanh": make("Vi Văn Khánh", "tri_le", Role.CONTRIBUTOR),
        "pao": make("Tráng A Páo", "cao_son", Role.APPROVER),
    }


def draft(tree, staff, **changes):
    unit = tree["nghe_an"].pk
    fields = FIELDS | {"area_id": unit} | changes
    return actions.write(unit_id=unit, fields=fields, by=staff["hanh"], at=MONDAY)


def open_campaign(tree, staff, **changes):
    written = draft(tree, staff, **changes)
    actions.submit(campaign=written, by=staff["hanh"], at=MONDAY)
    return actions.approve(campaign=written, by=staff["phuc"], at=MONDAY)
