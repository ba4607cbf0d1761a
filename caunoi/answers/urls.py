from django.urls import path

from caunoi.answers import views

app_name = "answers"
urlpatterns = [
    path("hoi-dap/", views.library, name="library"),
    path("quan-tri/hoi-dap/", views.manage, name="manage"),
    path("quan-tri/hoi-dap/<slug:number>/", views.correct, name="correct"),
]
