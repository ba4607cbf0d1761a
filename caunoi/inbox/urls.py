from django.urls import path

from caunoi.inbox import views

app_name = "inbox"
urlpatterns = [
    path("hooks/<slug:connector_key>/<str:app_id>/", views.hook, name="hook"),
    path("quan-tri/tin-den/", views.deliveries, name="deliveries"),
    path("quan-tri/tin-den/doc-lai/", views.replay_all, name="replay_all"),
    path("quan-tri/kenh/<uuid:pk>/bai-dang/", views.posts, name="posts"),
    path("quan-tri/tin-den/<int:pk>/doc-lai/", views.replay, name="replay"),
]
