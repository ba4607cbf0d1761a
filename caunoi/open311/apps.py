from django.apps import AppConfig


class Open311Config(AppConfig):
    name = "caunoi.open311"
    label = "open311"
