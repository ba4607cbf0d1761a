from django.urls import path

from caunoi.journeys import ask_views, question_views, views

app_name = "journeys"
urlpatterns = [
    path("hoi/", ask_views.ask, name="ask"),
    path("hoi/da-gui/<slug:number>/", ask_views.asked, name="asked"),
    path("hoi/<slug:number>/", question_views.question, name="question"),
    path("theo-doi/", question_views.follow, name="follow"),
    path("tiep-dan/", views.walk_in, name="walk_in"),
    path("vu-viec/<slug:number>/", views.case, name="case"),
    path("vu-viec/<slug:number>/tra-loi/", views.save, name="case_save"),
    path("vu-viec/<slug:number>/duyet/", views.approve, name="case_approve"),
    path("vu-viec/<slug:number>/tra-lai/", views.give_back, name="case_return"),
    path("vu-viec/<slug:number>/ghi-chu/", views.note, name="case_note"),
    path("vu-viec/<slug:number>/chuyen/", views.refer, name="case_refer"),
    path("vu-viec/<slug:number>/dong/", views.close, name="case_close"),
    path("vu-viec/<slug:number>/mo-lai/", views.reopen, name="case_reopen"),
    path("vu-viec/<slug:number>/lien-he/", views.contact, name="case_contact"),
]
