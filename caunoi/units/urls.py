from django.urls import path

from caunoi.units import unit_views, views

app_name = "units"
urlpatterns = [
    path("tra-cuu-don-vi/", views.lookup, name="lookup"),
    path("quan-tri/don-vi/", views.tree, name="tree"),
    path("quan-tri/don-vi/<slug:slug>/", unit_views.unit, name="unit"),
    path("quan-tri/don-vi/<slug:slug>/ke-thua/", unit_views.successor, name="successor"),
    path("quan-tri/don-vi/<slug:slug>/rut/<int:event_pk>/", unit_views.undo, name="undo_event"),
]
