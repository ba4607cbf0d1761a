from django.urls import path

from caunoi.channels import views

app_name = "channels"
urlpatterns = [
    path("quan-tri/kenh/", views.channels, name="channels"),
    path("quan-tri/kenh/moi/", views.register, name="register"),
    path("quan-tri/kenh/da-noi/", views.connected, name="connected"),
    path("quan-tri/kenh/<uuid:pk>/", views.channel, name="channel"),
    path("quan-tri/kenh/<uuid:pk>/kiem-tra/", views.check, name="check"),
    path("quan-tri/kenh/<uuid:pk>/trang-thai/", views.change, name="change"),
    path("quan-tri/kenh/<uuid:pk>/so-dien-thoai/", views.listed_numbers, name="numbers"),
    path("quan-tri/kenh/<uuid:pk>/noi-lai/", views.connect, name="connect"),
]
