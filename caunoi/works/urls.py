from django.urls import path

from caunoi.works import views

app_name = "works"
DESK = "quan-tri/cong-trinh/"
urlpatterns = [
    path("cong-trinh/", views.public_list, name="public_list"),
    path("cong-trinh/<uuid:pk>/", views.public_project, name="public"),
    path("cong-trinh/<uuid:pk>/to-niem-yet/", views.board_sheet, name="board_sheet"),
    path(DESK, views.projects, name="projects"),
    path(f"{DESK}moi/", views.begin, name="begin"),
    path(f"{DESK}mau.xlsx", views.pattern, name="pattern"),
    path(f"{DESK}tong-hop/", views.roll_up, name="roll_up"),
    path(f"{DESK}<uuid:pk>/", views.project, name="project"),
    path(f"{DESK}<uuid:pk>/sua/", views.change, name="change"),
    path(f"{DESK}<uuid:pk>/nhap/", views.bring_in, name="bring_in"),
    path(f"{DESK}<uuid:pk>/dong-gop/", views.give, name="give"),
    path(f"{DESK}<uuid:pk>/giai-phong/", views.clear, name="clear"),
    path(f"{DESK}<uuid:pk>/viet-tat/", views.initials, name="initials"),
    path(f"{DESK}<uuid:pk>/lay-lai/", views.take_back, name="take_back"),
]
