from django.urls import path

from caunoi.subscriptions import views

app_name = "subscriptions"
urlpatterns = [
    path("nhan-tin/", views.follow, name="follow"),
    path("nhan-tin/thong-bao/", views.push, name="push"),
    path("nhan-tin/thong-bao/thoi/", views.push_stop, name="push_stop"),
    path("nhan-tin/tin-nhan/", views.texts, name="texting"),
    path("nhan-tin/xac-nhan/<str:word>/", views.confirm, name="confirm"),
    path("nhan-tin/thoi/<str:word>/", views.stop, name="stop"),
    path("quan-tri/nhan-tin/", views.counts, name="counts"),
    path("quan-tri/nhan-tin/thong-bao/<slug:number>/", views.told, name="told"),
]
