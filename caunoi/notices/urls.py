from django.urls import path

from caunoi.notices.views import compose, desk, machine, public

app_name = "notices"
urlpatterns = [
    path("quan-tri/thong-bao/", desk.notices, name="notices"),
    path("quan-tri/thong-bao/moi/", compose.new, name="new"),
    path("quan-tri/thong-bao/moi/nhap/", compose.scratch, name="scratch_new"),
    path("quan-tri/thong-bao/lich/", desk.month, name="month"),
    path("quan-tri/thong-bao/huy/", desk.cancel_many, name="cancel_many"),
    path("quan-tri/thong-bao/<uuid:pk>/", desk.notice, name="notice"),
    path("quan-tri/thong-bao/<uuid:pk>/nhap/", compose.scratch, name="scratch"),
    path("quan-tri/thong-bao/<uuid:pk>/ban/", desk.versions, name="versions"),
    path("quan-tri/thong-bao/<uuid:pk>/duyet/", desk.decide, name="decide"),
    path("quan-tri/thong-bao/<uuid:pk>/lam/", desk.deed, name="deed"),
    path("quan-tri/thong-bao/<uuid:pk>/anh/<uuid:picture_pk>/", desk.picture, name="desk_picture"),
    path("thong-bao/<slug:number>/", public.notice, name="public"),
    path("thong-bao/<slug:number>/to-a4.pdf", public.a4, name="a4"),
    path("thong-bao/<slug:number>/anh/<uuid:picture_pk>/", public.picture, name="picture"),
    path("thong-bao/<slug:number>/tep/<uuid:file_pk>/", public.attachment, name="attachment"),
    path("thong-bao/<slug:number>.cap.xml", machine.cap, name="cap"),
    path("don-vi/<slug:slug>/thong-bao/", public.of_unit, name="of_unit"),
    path("don-vi/<slug:slug>/bang-tin/", public.board, name="board"),
    path("don-vi/<slug:slug>/thong-bao.atom", machine.atom, name="atom"),
    path("don-vi/<slug:slug>/lich.ics", machine.calendar, name="calendar"),
]
