from django.urls import path

from caunoi.kit import views

app_name = "kit"
urlpatterns = [
    path("bang-mau/", views.show_specimen, name="specimen"),
    path("sw.js", views.service_worker, name="service_worker"),
]
