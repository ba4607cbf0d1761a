from django.urls import path

from caunoi.journeys import (
    agency_views,
    ask_views,
    hop_views,
    passport_views,
    question_views,
    views,
)

app_name = "journeys"
urlpatterns = [
    path("hoi/", ask_views.ask, name="ask"),
    path("hoi/da-gui/<slug:number>/", ask_views.asked, name="asked"),
    path("hoi/<slug:number>/", question_views.question, name="question"),
    path("hoi/<slug:number>/phieu/", passport_views.slip, name="question_slip"),
    path("hoi/<slug:number>/mo-lai/", passport_views.again, name="question_again"),
    path("hoi/<slug:number>/hai-long/", passport_views.rate, name="question_rate"),
    path("co-quan/tra-loi/<str:token>/", agency_views.by_link, name="agency"),
    path("co-quan/", agency_views.mine, name="agency_mine"),
    path("co-quan/<int:pk>/", agency_views.as_member, name="agency_case"),
    path("theo-doi/", question_views.follow, name="follow"),
    path("tiep-dan/", views.walk_in, name="walk_in"),
    path("vu-viec/<slug:number>/", views.case, name="case"),
    path("vu-viec/<slug:number>/tra-loi/", views.save, name="case_save"),
    path("vu-viec/<slug:number>/duyet/", views.approve, name="case_approve"),
    path("vu-viec/<slug:number>/tra-lai/", views.give_back, name="case_return"),
    path("vu-viec/<slug:number>/ghi-chu/", views.note, name="case_note"),
    path("vu-viec/<slug:number>/chuyen/", hop_views.refer, name="case_refer"),
    path("vu-viec/<slug:number>/de-xuat/", hop_views.decide, name="case_decide"),
    path("vu-viec/<slug:number>/chu-de/", hop_views.topic, name="case_topic"),
    path("vu-viec/<slug:number>/nhan/", hop_views.receive, name="case_receive"),
    path("vu-viec/<slug:number>/tra-ve/", hop_views.send_back, name="case_send_back"),
    path("vu-viec/<slug:number>/nhac/", hop_views.urge, name="case_urge"),
    path("vu-viec/<slug:number>/chang/<int:pk>/", hop_views.hop, name="case_hop"),
    path("vu-viec/<slug:number>/chang/<int:pk>/y-kien/", hop_views.opinion, name="case_opinion"),
    path("vu-viec/<slug:number>/chang/<int:pk>/duong-dan/", hop_views.link_paper, name="case_link"),
    path("vu-viec/<slug:number>/chang/<int:pk>/van-ban/", hop_views.paper, name="case_paper"),
    path("vu-viec/<slug:number>/co-quan-tra-loi/<int:pk>/", hop_views.reply, name="case_reply"),
    path("vu-viec/<slug:number>/dong/", views.close, name="case_close"),
    path("vu-viec/<slug:number>/mo-lai/", views.reopen, name="case_reopen"),
    path("vu-viec/<slug:number>/lien-he/", views.contact, name="case_contact"),
]
