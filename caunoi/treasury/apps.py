from django.apps import AppConfig


class TreasuryConfig(AppConfig):
    name = "caunoi.treasury"
    label = "treasury"
