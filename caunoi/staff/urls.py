from django.urls import path

from caunoi.staff import views

app_name = "staff"
urlpatterns = [
    path("quan-tri/nguoi/", views.people, name="people"),
    path("quan-tri/nguoi/moi/", views.invite, name="invite"),
    path("quan-tri/nguoi/danh-sach/", views.import_people, name="import_people"),
    path("quan-tri/nguoi/<int:pk>/", views.person, name="person"),
    path("quan-tri/nguoi/<int:pk>/vai-tro/", views.grant, name="grant"),
    path("quan-tri/nguoi/<int:pk>/vai-tro/<int:grant_pk>/het/", views.end_grant, name="end_grant"),
    path("quan-tri/nguoi/<int:pk>/hoat-dong/", views.set_active, name="set_active"),
    path("quan-tri/loi-moi/<uuid:pk>/rut/", views.withdraw, name="withdraw"),
    path("loi-moi/<str:token>/", views.accept, name="accept"),
    path("toi/", views.account, name="account"),
]
