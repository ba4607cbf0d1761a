from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "caunoi.units"
    label = "units"
