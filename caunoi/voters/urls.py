from django.urls import path

from caunoi.voters import views

app_name = "voters"
urlpatterns = [
    path("tiep-xuc-cu-tri/", views.public_list, name="public_list"),
    path("tiep-xuc-cu-tri/<uuid:pk>/", views.public_meeting, name="public_meeting"),
    path("quan-tri/cu-tri/", views.meetings, name="meetings"),
    path("quan-tri/cu-tri/moi/", views.add, name="add"),
    path("quan-tri/cu-tri/mau.xlsx", views.pattern, name="pattern"),
    path("quan-tri/cu-tri/<uuid:pk>/", views.meeting, name="meeting"),
    path("quan-tri/cu-tri/<uuid:pk>/kien-nghi/", views.petitions, name="petitions"),
    path("quan-tri/cu-tri/<uuid:pk>/tep/", views.from_sheet, name="from_sheet"),
]
