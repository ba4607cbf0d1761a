from django.urls import path

from caunoi.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("quan-tri/webhook/", views.endpoints, name="endpoints"),
    path("quan-tri/webhook/moi/", views.add, name="add"),
    path("quan-tri/webhook/<uuid:pk>/", views.endpoint, name="endpoint"),
    path("quan-tri/webhook/<uuid:pk>/sua/", views.change, name="change"),
    path("quan-tri/webhook/<uuid:pk>/bat-tat/", views.switch, name="switch"),
    path("quan-tri/webhook/<uuid:pk>/thu/", views.test, name="test"),
    path("quan-tri/webhook/<uuid:pk>/gui-lai/", views.replay, name="replay"),
    path("quan-tri/webhook/<uuid:pk>/khoa-moi/", views.rotate, name="rotate"),
]
