from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "caunoi.funds"
    label = "funds"
