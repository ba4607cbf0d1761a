from django.urls import path

from caunoi.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("don-vi/<slug:slug>/", views.unit, name="unit"),
    path("kenh-chinh-thuc/", views.official_channels, name="official_channels"),
    path("giup-do/", views.help_page, name="help"),
    path("ngon-ngu/", views.language, name="language"),
    path("robots.txt", views.robots, name="robots"),
]
