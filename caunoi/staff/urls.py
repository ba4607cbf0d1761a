from django.urls import path

from caunoi.staff import account_views, invite_views, views

app_name = "staff"
PERSON = "quan-tri/nguoi/<int:pk>/"
urlpatterns = [
    path("quan-tri/nguoi/", views.people, name="people"),
    path("quan-tri/nguoi/moi/", invite_views.invite, name="invite"),
    path("quan-tri/nguoi/danh-sach/", invite_views.import_people, name="import_people"),
    path(PERSON, views.person, name="person"),
    path(PERSON + "sua/", views.correct, name="correct"),
    path(PERSON + "vai-tro/", views.grant, name="grant"),
    path(PERSON + "vai-tro/<int:grant_pk>/het/", views.end_grant, name="end_grant"),
    path(PERSON + "hoat-dong/", views.set_active, name="set_active"),
    path(PERSON + "dang-xuat/", views.sign_out, name="sign_out"),
    path(PERSON + "buoc-hai/", views.reset_factor, name="reset_factor"),
    path("quan-tri/loi-moi/rut-danh-sach/", invite_views.withdraw_list, name="withdraw_list"),
    path("quan-tri/loi-moi/<uuid:pk>/rut/", invite_views.withdraw, name="withdraw"),
    path("loi-moi/<str:token>/", invite_views.accept, name="accept"),
    path("toi/", account_views.account, name="account"),
    path("toi/phien/<int:pk>/het/", account_views.end_session, name="end_session"),
    # before the sign-in library's page of the same address
    path("tai-khoan/email/", account_views.email, name="email"),
]
