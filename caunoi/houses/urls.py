from django.urls import path

from caunoi.houses.views import board, household, public, reviews

app_name = "houses"
DESK = "quan-tri/nha/"
urlpatterns = [
    path("nha/", public.programmes, name="public_list"),
    path("nha/<slug:slug>/", public.programme, name="public"),
    path("nha/<slug:slug>/danh-sach/<uuid:pk>/", public.posted, name="posted"),
    path("nha/<slug:slug>/anh/<uuid:pk>/", public.picture, name="public_picture"),
    path(DESK, board.programmes, name="programmes"),
    path(f"{DESK}moi/", board.begin, name="begin"),
    path(f"{DESK}mau.xlsx", board.pattern, name="pattern"),
    path(f"{DESK}di-tham/", household.to_visit, name="to_visit"),
    path(f"{DESK}<uuid:pk>/", board.board, name="board"),
    path(f"{DESK}<uuid:pk>/sua/", board.settings, name="settings"),
    path(f"{DESK}<uuid:pk>/ho/", board.households, name="households"),
    path(f"{DESK}<uuid:pk>/ho/moi/", board.name_household, name="name_household"),
    path(f"{DESK}<uuid:pk>/nhap/", board.bring_in, name="bring_in"),
    path(f"{DESK}<uuid:pk>/binh-xet/", reviews.reviews, name="reviews"),
    path(f"{DESK}<uuid:pk>/binh-xet/moi/", reviews.hold, name="hold"),
    path(f"{DESK}binh-xet/<uuid:pk>/", reviews.review, name="review"),
    path(f"{DESK}binh-xet/<uuid:pk>/duyet/", reviews.decide, name="review_decide"),
    path(f"{DESK}binh-xet/<uuid:pk>/to-niem-yet/", reviews.board_sheet, name="review_sheet"),
    path(f"{DESK}binh-xet/<uuid:pk>/<slug:deed>/", reviews.deed, name="review_deed"),
    path(f"{DESK}ho/<uuid:pk>/", household.household, name="household"),
    path(f"{DESK}ho/<uuid:pk>/sua/", household.change, name="change"),
    path(f"{DESK}ho/<uuid:pk>/tham/", household.visit, name="visit"),
    path(f"{DESK}ho/<uuid:pk>/lay-lai/", household.take_back, name="take_back"),
    path(f"{DESK}ho/<uuid:pk>/tien/", household.money, name="money"),
    path(f"{DESK}ho/<uuid:pk>/tien/dong-y/", household.agree_to_money, name="agree_to_money"),
    path(f"{DESK}ho/<uuid:pk>/bien-ban.pdf", household.minutes, name="minutes"),
    path(f"{DESK}ho/<uuid:pk>/anh/<uuid:news_pk>/", household.picture, name="picture"),
    path(f"{DESK}ho/<uuid:pk>/<slug:deed>/", household.deed, name="deed"),
]
