from django.urls import path

from caunoi.receipts.views import board, hand, internal, link

app_name = "receipts"
BOARD = "quan-tri/thong-bao/<slug:number>/ket-qua/"
urlpatterns = [
    path("l/<slug:code>", link.open_link, name="link"),
    path(BOARD, board.place, name="board"),
    path(f"{BOARD}kenh/", board.kinds, name="kinds"),
    path(f"{BOARD}ai-da-doc/", board.readers, name="readers"),
    path(f"{BOARD}im-lang/", board.silent, name="silent"),
    path(f"{BOARD}nhac/", board.remind, name="remind"),
    path(f"{BOARD}gui-kenh-khac/", board.resend, name="resend"),
    path(f"{BOARD}quyet/<uuid:pk>/", board.decide, name="decide"),
    path("quan-tri/dang-ho/", hand.to_post, name="to_post"),
    path("quan-tri/dang-ho/ghi/<slug:number>/", hand.tell, name="tell"),
    path("quan-tri/dang-ho/<uuid:pk>/", hand.item, name="item"),
    path("quan-tri/dang-ho/<uuid:pk>/da-dang/", hand.posted, name="posted"),
    path("quan-tri/dang-ho/<uuid:pk>/khong-dang/", hand.not_posted, name="not_posted"),
    path("noi-bo/", internal.internal, name="internal"),
    path("noi-bo/<slug:number>/", internal.internal_notice, name="internal_notice"),
    path("noi-bo/<slug:number>/tep/<uuid:file_pk>/", internal.internal_file, name="internal_file"),
    path("noi-bo/<slug:number>/da-doc/", internal.acknowledge, name="acknowledge"),
]
