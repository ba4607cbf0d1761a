from django.urls import path

from caunoi.outbox import views

app_name = "outbox"
urlpatterns = [
    path("quan-tri/gui-di/", views.sends, name="sends"),
    path("quan-tri/gui-di/nhieu/", views.many, name="many"),
    path("quan-tri/gui-di/<uuid:pk>/quyet-dinh/", views.decide, name="decide"),
    path("quan-tri/gui-di/<uuid:pk>/gui-lai/", views.replay, name="replay"),
]
