from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "caunoi.kit"
    label = "kit"
