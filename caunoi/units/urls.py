from django.urls import path

from caunoi.units import views

app_name = "units"
urlpatterns = [
    path("tra-cuu-don-vi/", views.lookup, name="lookup"),
    path("quan-tri/don-vi/", views.tree, name="tree"),
    path("quan-tri/don-vi/<slug:slug>/", views.unit, name="unit"),
]
