from django.urls import path

from caunoi.privacy.views import desk, incidents, keeping, open, own

app_name = "privacy"
urlpatterns = [
    path("quyen-rieng-tu/", open.rights, name="rights"),
    path("hoi/<slug:number>/du-lieu/", own.held, name="held"),
    path("hoi/<slug:number>/du-lieu/tep.json", own.file, name="held_file"),
    path("hoi/<slug:number>/du-lieu/sua/", own.correct, name="correct"),
    path("hoi/<slug:number>/du-lieu/xoa/", own.erase, name="erase"),
    path("hoi/<slug:number>/du-lieu/gui-duong-dan/", own.send_link, name="send_link"),
    path("du-lieu/mo/<str:token>/", own.by_link, name="by_link"),
    path("quan-tri/du-lieu-ca-nhan/", desk.requests, name="requests"),
    path("quan-tri/du-lieu-ca-nhan/<uuid:pk>/", desk.request_page, name="request"),
    path("quan-tri/du-lieu-ca-nhan/thoi-han/", keeping.retention, name="retention"),
    path("quan-tri/du-lieu-ca-nhan/thoi-han/<slug:code>/", keeping.rule, name="rule"),
    path("quan-tri/du-lieu-ca-nhan/giu-lai/", keeping.holds, name="holds"),
    path("quan-tri/du-lieu-ca-nhan/giu-lai/<uuid:pk>/bo/", keeping.lift, name="lift"),
    path("quan-tri/du-lieu-ca-nhan/loi-bao/", keeping.texts, name="texts"),
    path("quan-tri/su-co/", incidents.incidents, name="incidents"),
    path("quan-tri/su-co/moi/", incidents.add, name="incident_new"),
    path("quan-tri/su-co/<uuid:pk>/", incidents.incident, name="incident"),
    path("quan-tri/su-co/<uuid:pk>/thong-bao/", incidents.notice, name="incident_notice"),
    path("quan-tri/su-co/<uuid:pk>/da-bao/", incidents.notified, name="incident_notified"),
    path("quan-tri/su-co/<uuid:pk>/dong/", incidents.close, name="incident_close"),
    path("quan-tri/su-co/<uuid:pk>/tep/<str:file_format>/", incidents.file, name="incident_file"),
]
