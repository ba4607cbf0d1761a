from django.apps import AppConfig


class FediverseConfig(AppConfig):
    name = "caunoi.fediverse"
    label = "fediverse"
