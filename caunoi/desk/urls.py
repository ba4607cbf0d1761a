from django.urls import path

from caunoi.desk import views

app_name = "desk"
urlpatterns = [
    path("hom-nay/", views.today, name="today"),
    path("them/", views.more, name="more"),
    path("tim/", views.search, name="search"),
    path("huong-dan/", views.help_page, name="help"),
    path("quan-tri/suc-khoe/", views.health, name="health"),
    path("quan-tri/nhat-ky/", views.audit_page, name="audit"),
]
