from django.urls import path

from caunoi.duty import views

app_name = "duty"
urlpatterns = [
    path("truc/", views.board, name="board"),
    path("truc/bao-dong/", views.ringing, name="ringing"),
    path("truc/bao-dong/<uuid:pk>/", views.alarm, name="alarm"),
    path("truc/bao-dong/<uuid:pk>/nhan/", views.take, name="take"),
    path("truc/nhan/<str:token>/", views.take_by_link, name="take_by_link"),
    path("truc/lich/<slug:slug>/", views.roster, name="roster"),
    path("truc/lich/<slug:slug>/them/", views.list_person, name="list_person"),
    path("truc/lich/<slug:slug>/ca/", views.add_shift, name="add_shift"),
    path("truc/lich/<slug:slug>/doi/", views.change_roster, name="change_roster"),
]
