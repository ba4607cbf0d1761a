from django.urls import path

from caunoi.cases import views

app_name = "cases"
urlpatterns = [
    path("hop-thu/", views.inbox, name="inbox"),
    path("hop-thu/nhan/", views.take, name="take"),
]
