from django.urls import path

from caunoi.fediverse import views

app_name = "fediverse"
urlpatterns = [
    path(".well-known/webfinger", views.webfinger, name="webfinger"),
    path("ap/don-vi/<slug:slug>", views.actor, name="actor"),
    path("ap/don-vi/<slug:slug>/outbox", views.outbox, name="outbox"),
    path("ap/don-vi/<slug:slug>/followers", views.followers, name="followers"),
    path("ap/don-vi/<slug:slug>/inbox", views.inbox, name="inbox"),
    path("ap/thong-bao/<slug:number>", views.note, name="note"),
]
