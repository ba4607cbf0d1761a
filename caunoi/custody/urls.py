from django.urls import path

from caunoi.custody import views

app_name = "custody"
urlpatterns = [
    path("kenh-chinh-thuc/bao-gia-mao/", views.report, name="report"),
    path("kenh-chinh-thuc/<uuid:pk>/", views.public_asset, name="public"),
    path("quan-tri/tai-san-kenh/", views.assets, name="assets"),
    path("quan-tri/tai-san-kenh/moi/", views.ask, name="ask"),
    path("quan-tri/tai-san-kenh/dat-ten/", views.pattern, name="pattern"),
    path("quan-tri/tai-san-kenh/bao-gia-mao/", views.reports, name="reports"),
    path("quan-tri/tai-san-kenh/<uuid:pk>/", views.asset, name="asset"),
    path("quan-tri/tai-san-kenh/<uuid:pk>/sua/", views.describe, name="describe"),
    path("quan-tri/tai-san-kenh/<uuid:pk>/buoc/", views.move_on, name="move_on"),
    path("quan-tri/tai-san-kenh/<uuid:pk>/nguoi-giu/", views.add_keeper, name="add_keeper"),
    path(
        "quan-tri/tai-san-kenh/<uuid:pk>/nguoi-giu/<int:number>/ghi-nham/",
        views.take_out_keeper,
        name="take_out_keeper",
    ),
    path("quan-tri/tai-san-kenh/xac-nhan/", views.confirm, name="confirm"),
    path("quan-tri/tai-san-kenh/<uuid:pk>/ban-giao/", views.hand_over, name="hand_over"),
]
