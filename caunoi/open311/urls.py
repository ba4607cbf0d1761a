from django.urls import re_path

from caunoi.open311 import views

app_name = "open311"
FORM = r"(?P<form>xml|json)"
urlpatterns = [
    re_path(rf"^open311/(?:v2/)?discovery\.{FORM}$", views.discovery, name="discovery"),
    re_path(rf"^open311/v2/services\.{FORM}$", views.services, name="services"),
    re_path(
        rf"^open311/v2/services/(?P<code>[\w-]{{1,40}})\.{FORM}$", views.service, name="service"
    ),
    re_path(rf"^open311/v2/requests\.{FORM}$", views.requests, name="requests"),
    re_path(
        rf"^open311/v2/requests/(?P<number>[\wĐ-]{{1,20}})\.{FORM}$",
        views.request_by_id,
        name="request",
    ),
    re_path(
        rf"^open311/v2/tokens/(?P<token>[\wĐ:.-]{{1,120}})\.{FORM}$", views.token, name="token"
    ),
    re_path(rf"^open311/v2/servicerequestupdates\.{FORM}$", views.updates, name="updates"),
]
