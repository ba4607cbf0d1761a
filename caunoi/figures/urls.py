from django.urls import path

from caunoi.figures import views

app_name = "figures"
urlpatterns = [
    path("don-vi/<slug:slug>/tra-loi/", views.unit, name="unit"),
    path("don-vi/<slug:slug>/tra-loi/so-lieu.<slug:ending>", views.numbers, name="numbers"),
]
