from django.apps import AppConfig


class WorksConfig(AppConfig):
    name = "caunoi.works"
    label = "works"
