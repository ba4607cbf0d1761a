"""Pages of goods: matching, store, hand-over, my gift, teams."""

from collections.abc import Callable

from tools.look import Look, press

Rows = Callable[..., list[tuple]]
ASKED = {
    "gift": "SELECT id FROM campaigns_gift WHERE commodity_id = 'blanket' LIMIT 1",
    "kept": "SELECT id FROM goods_reservation WHERE state = 'offered' LIMIT 1",
    "heap": "SELECT a.id FROM funds_account a JOIN goods_movement m ON m.unit_id = a.unit_id AND m.kind = 'handed_over'"
    " AND m.commodity_id = a.commodity_id WHERE a.place = 'allocated' AND a.came_in > a.went_out LIMIT 1",
    "given": "SELECT id FROM goods_movement WHERE kind = 'handed_over' LIMIT 1",
    "coming": "SELECT id FROM goods_movement WHERE kind = 'sent' AND arrived_at IS NULL LIMIT 1",
    "team": "SELECT id FROM goods_team LIMIT 1",
}


def looks(rows: Rows) -> list[Look]:
    """Return the pages of the room."""
    one = {name: rows(sql)[0][0] for name, sql in ASKED.items()}
    return [*_board(one), *_store(one), *_teams(one), *_gift(rows)]


def _board(one: dict[str, object]) -> list[Look]:
    return [
        Look("goods-board", "/ket-noi/", "hanh"),
        Look("goods-board-why", f"/ket-noi/?qua={one['gift']}", "hanh"),
        Look("goods-kept", "/ket-noi/da-giu/", "hanh"),
        Look("goods-kept-nothing", "/ket-noi/da-giu/?q=khongcogi", "hanh"),
        Look("goods-kept-one", f"/ket-noi/da-giu/{one['kept']}/", "hanh"),
    ]


def _store(one: dict[str, object]) -> list[Look]:
    return [
        Look("goods-stock", "/kho/", "duc"),
        Look("goods-stock-commune", "/kho/", "binh"),
        Look("goods-stock-nothing", "/kho/?q=khongcogi", "binh"),
        Look("goods-balance", "/kho/can-doi/", "binh"),
        Look("goods-receive", "/kho/nhan/", "binh"),
        Look("goods-receive-error", "/kho/nhan/", "binh", then=press),
        Look("goods-heap", f"/kho/{one['heap']}/", "binh"),
        Look("goods-hand-over", f"/kho/{one['heap']}/trao/", "binh"),
        Look("goods-hand-over-error", f"/kho/{one['heap']}/trao/", "binh", then=press),
        Look("goods-send", f"/kho/{one['heap']}/gui/", "binh"),
        Look("goods-arrive", f"/kho/so/{one['coming']}/den/", "duc"),
        Look("goods-movements", "/kho/so/", "binh"),
        Look("goods-movement", f"/kho/so/{one['given']}/", "binh"),
    ]


def _teams(one: dict[str, object]) -> list[Look]:
    return [
        Look("teams", "/doi-tho/", "duc"),
        Look("teams-nothing", "/doi-tho/?q=khongcogi", "duc"),
        Look("team", f"/doi-tho/{one['team']}/", "duc"),
        Look("team-error", "/doi-tho/moi/", "duc", then=press),
        Look("call-sheet", f"/doi-tho/{one['team']}/goi/", "duc"),
    ]


def _gift(rows: Rows) -> list[Look]:
    from caunoi.funds import codes

    number = rows(
        "SELECT c.number FROM campaigns_transfercode c JOIN goods_reservation r ON r.gift_id = c.gift_id"
        " ORDER BY r.delivered DESC, r.state LIMIT 1"
    )[0][0]
    asked = rows(
        "SELECT c.number FROM campaigns_transfercode c JOIN goods_reservation r ON r.gift_id = c.gift_id"
        " ORDER BY r.giver_at IS NULL AND r.state = 'offered' DESC LIMIT 1"
    )[0][0]
    return [
        Look("my-gift", f"/qua/{codes.code_of(number)}/"),
        Look("my-gift-yes", f"/qua/{codes.code_of(asked)}/"),
        Look("my-gift-ask", "/qua/"),
        Look("my-gift-wrong", "/qua/?ma=UH123", status=422),
    ]
