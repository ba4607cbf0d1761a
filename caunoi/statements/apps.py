from django.apps import AppConfig


class StatementsConfig(AppConfig):
    name = "caunoi.statements"
    label = "statements"
