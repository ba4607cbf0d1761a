from django.apps import AppConfig


class HandlingConfig(AppConfig):
    name = "caunoi.handling"
    label = "handling"
