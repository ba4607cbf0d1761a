"""Small trees for tests, and the real one."""

from datetime import date

from caunoi.kit import clock
from caunoi.units import actions
from caunoi.units.models import Unit
from caunoi.units.terms import Level

LONG_AGO = date(2020, 1, 1)
_codes = iter(range(90000, 99999))


def make_unit(
    *,
    name: str,
    level: Level,
    parent: Unit | None = None,
    code: str = "",
    valid_from: date = LONG_AGO,
) -> Unit:
    """Create one unit by its full name ("Xã Bích Hào")."""
    return actions.create_unit(
        full_name=name,
        code=code or str(next(_codes)),
        level=level,
        parent_id=parent.pk if parent else None,
        on=valid_from,
        legal_reference="Văn bản thử",
        by=None,
        at=clock.now(),
    )


def small_tree() -> dict[str, Unit]:
    """Nghệ An with two communes and three villages, and a commune of Lào Cai: own, ancestor, descendant, sibling, other province."""
    nghe_an = make_unit(name="Tỉnh Nghệ An", level=Level.PROVINCE, code="40")
    bich_hao = make_unit(name="Xã Bích Hào", level=Level.COMMUNE, parent=nghe_an, code="17818")
    tri_le = make_unit(name="Xã Tri Lễ", level=Level.COMMUNE, parent=nghe_an, code="16780")
    village = make_unit(name="Xóm 4", level=Level.VILLAGE, parent=bich_hao, code="17818-04")
    lao_cai = make_unit(name="Tỉnh Lào Cai", level=Level.PROVINCE, code="15")
    cao_son = make_unit(name="Xã Cao Sơn", level=Level.COMMUNE, parent=lao_cai, code="02782")
    return {
        "nghe_an": nghe_an,
        "bich_hao": bich_hao,
        "tri_le": tri_le,
        "village": village,
        "lao_cai": lao_cai,
        "cao_son": cao_son,
    }
