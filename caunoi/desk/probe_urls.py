"""The addresses machines ask; no language, no session."""

from django.urls import path

from caunoi.desk import probes

app_name = "probes"
urlpatterns = [
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", probes.metrics, name="metrics"),
]
