from django.urls import path

from caunoi.documents import views

app_name = "documents"
urlpatterns = [
    path("van-ban/", views.papers, name="papers"),
    path("van-ban/<uuid:pk>/", views.paper, name="paper"),
    path("van-ban/<uuid:pk>/huy/", views.cancel, name="cancel"),
    path("van-ban/<uuid:pk>/<slug:file_format>/", views.file, name="file"),
    path("quan-tri/mau-van-ban/<slug:slug>/", views.letterhead, name="letterhead"),
]
