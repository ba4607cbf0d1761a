from django.urls import path

from caunoi.routing import views

app_name = "routing"
urlpatterns = [
    path("quan-tri/dieu-phoi/", views.rules, name="rules"),
    path("quan-tri/dieu-phoi/moi/", views.rule, name="rule_new"),
    path("quan-tri/dieu-phoi/<int:pk>/", views.rule, name="rule"),
    path("quan-tri/dieu-phoi/<int:pk>/ket-thuc/", views.end_rule, name="rule_end"),
    path("quan-tri/co-quan/", views.bodies, name="bodies"),
    path("quan-tri/co-quan/moi/", views.body, name="body_new"),
    path("quan-tri/co-quan/<uuid:pk>/", views.body, name="body"),
    path("quan-tri/chu-de/", views.topics, name="topics"),
    path("quan-tri/chu-de/moi/", views.topic, name="topic_new"),
    path("quan-tri/chu-de/<slug:code>/", views.topic, name="topic"),
]
