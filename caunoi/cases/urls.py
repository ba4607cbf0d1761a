from django.urls import path

from caunoi.cases import views

app_name = "cases"
urlpatterns = [
    path("hop-thu/cu/", views.inbox, name="inbox"),
]
