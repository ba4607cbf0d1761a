from django.urls import path

from caunoi.goods.views import board, gift, movement, stock, teams

app_name = "goods"
urlpatterns = [
    path("qua/", gift.ask, name="ask"),
    path("qua/anh/<uuid:pk>/", gift.released, name="released"),
    path("qua/<str:code>/", gift.gift, name="gift"),
    path("qua/<str:code>/dong-y/", gift.agree, name="agree"),
    path("ket-noi/", board.board, name="board"),
    path("ket-noi/giu/", board.reserve, name="reserve"),
    path("ket-noi/da-giu/", board.reservations, name="reservations"),
    path("ket-noi/da-giu/<uuid:pk>/", board.reservation, name="reservation"),
    path("ket-noi/da-giu/<uuid:pk>/<slug:deed>/", board.decide, name="decide"),
    path("kho/", stock.stock, name="stock"),
    path("kho/can-doi/", stock.balance, name="balance"),
    path("kho/nhan/", stock.receive, name="receive"),
    path("kho/so/", stock.movements, name="movements"),
    path("kho/so/<uuid:pk>/", movement.movement, name="movement"),
    path("kho/so/<uuid:pk>/den/", movement.arrive, name="arrive"),
    path("kho/so/<uuid:pk>/anh/", movement.picture, name="picture"),
    path("kho/so/<uuid:pk>/giay-in/", movement.paper, name="paper"),
    path("kho/so/<uuid:pk>/<slug:deed>/", movement.after, name="after"),
    path("kho/<int:pk>/", stock.heap, name="heap"),
    path("kho/<int:pk>/<slug:deed>/", stock.take, name="take"),
    path("doi-tho/", teams.teams, name="teams"),
    path("doi-tho/moi/", teams.add_team, name="add_team"),
    path("doi-tho/<uuid:pk>/", teams.team, name="team"),
    path("doi-tho/<uuid:pk>/goi/", teams.call_sheet, name="call_sheet"),
    path("doi-tho/<uuid:pk>/them/", teams.add_volunteer, name="add_volunteer"),
    path("doi-tho/<uuid:pk>/xoa-nguoi/", teams.forget_volunteer, name="forget_volunteer"),
    path("doi-tho/<uuid:pk>/cong/", teams.work, name="work"),
]
