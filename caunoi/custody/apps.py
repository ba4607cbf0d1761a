from django.apps import AppConfig


class CustodyConfig(AppConfig):
    name = "caunoi.custody"
    label = "custody"
