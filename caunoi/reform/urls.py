from django.urls import path

from caunoi.reform import unit_views, views

app_name = "reform"
urlpatterns = [
    path("quan-tri/sap-xep/", views.plans, name="plans"),
    path("quan-tri/sap-xep/moi/", views.begin, name="begin"),
    path("quan-tri/sap-xep/<uuid:pk>/", views.plan, name="plan"),
    path("quan-tri/sap-xep/<uuid:pk>/quy-tac/", views.rule, name="rule"),
    path("quan-tri/sap-xep/<uuid:pk>/in/", views.printed, name="print"),
    path("quan-tri/sap-xep/<uuid:pk>/buoc/<int:step_pk>/", views.step, name="step"),
    path("quan-tri/sap-xep/<uuid:pk>/loi-ghim/", unit_views.words, name="words"),
    path("quan-tri/sap-xep/<uuid:pk>/don-vi/", unit_views.closings, name="closings"),
    path("quan-tri/sap-xep/<uuid:pk>/don-vi/nhieu/", unit_views.many, name="many"),
    path(
        "quan-tri/sap-xep/<uuid:pk>/don-vi/<int:closing_pk>/",
        unit_views.successor,
        name="successor",
    ),
    path("quan-tri/sap-xep/<uuid:pk>/<slug:deed>/", views.deed, name="deed"),
]
