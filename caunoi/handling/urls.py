from django.urls import path

from caunoi.handling.views import bulk, canned, habits, inbox, mentions, saved

app_name = "handling"
urlpatterns = [
    path("hop-thu/", inbox.inbox, name="inbox"),
    path("hop-thu/moi/", inbox.arrivals, name="arrivals"),
    path("hop-thu/nhac-den/", mentions.mentions, name="mentions"),
    path("toi/cach-lam-viec/", habits.habits, name="habits"),
    path("hop-thu/goc-nhin/", saved.views, name="views"),
    path("hop-thu/goc-nhin/luu/", saved.save, name="save_view"),
    path("hop-thu/goc-nhin/<int:pk>/", saved.change, name="change_view"),
    path("hop-thu/hang-loat/", bulk.choose, name="choose"),
    path("hop-thu/hang-loat/<uuid:pk>/", bulk.run, name="run"),
    path("hop-thu/hang-loat/<uuid:pk>/lam/", bulk.start, name="start"),
    path("hop-thu/hang-loat/<uuid:pk>/hoan-tac/", bulk.undo, name="undo"),
    path("quan-tri/mau-tra-loi/", canned.canned, name="canned"),
    path("quan-tri/mau-tra-loi/them/", canned.add, name="add_canned"),
    path("quan-tri/mau-tra-loi/<int:pk>/", canned.change, name="change_canned"),
]
