from django.urls import path

from caunoi.portal import near_views, old_views, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("don-vi/<slug:slug>/", views.unit, name="unit"),
    path("xa/<slug:slug>/", old_views.short, name="short"),
    path("kenh-chinh-thuc/", views.official_channels, name="official_channels"),
    path("gan-day/", near_views.near, name="near"),
    path("giup-do/", views.help_page, name="help"),
    path("ngon-ngu/", views.language, name="language"),
    path("robots.txt", views.robots, name="robots"),
]
