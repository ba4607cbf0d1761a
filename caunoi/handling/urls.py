from django.urls import path

from caunoi.handling.views import inbox, saved

app_name = "handling"
urlpatterns = [
    path("hop-thu/", inbox.inbox, name="inbox"),
    path("hop-thu/moi/", inbox.arrivals, name="arrivals"),
    path("hop-thu/nhan/", inbox.take, name="take"),
    path("hop-thu/goc-nhin/", saved.views, name="views"),
    path("hop-thu/goc-nhin/luu/", saved.save, name="save_view"),
    path("hop-thu/goc-nhin/<int:pk>/", saved.change, name="change_view"),
]
