from django.urls import path

from caunoi.kit import views

app_name = "kit"
urlpatterns = [path("bang-mau/", views.show_specimen, name="specimen")]
