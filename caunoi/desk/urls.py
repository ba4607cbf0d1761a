from django.urls import path

from caunoi.desk import board_views, event_views, views

app_name = "desk"
urlpatterns = [
    path("hom-nay/", views.today, name="today"),
    path("them/", views.more, name="more"),
    path("tim/", views.search, name="search"),
    path("huong-dan/", views.help_page, name="help"),
    path("quan-tri/don-vi/<slug:slug>/<slug:kind>/", event_views.unit_event, name="unit_event"),
    path("quan-tri/tien-do/", board_views.board_page, name="board"),
    path("quan-tri/suc-khoe/", views.health, name="health"),
    path("quan-tri/nhat-ky/", views.audit_page, name="audit"),
]
