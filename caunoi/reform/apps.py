from django.apps import AppConfig


class ReformConfig(AppConfig):
    name = "caunoi.reform"
    label = "reform"
