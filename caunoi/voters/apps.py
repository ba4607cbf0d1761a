from django.apps import AppConfig


class VotersConfig(AppConfig):
    name = "caunoi.voters"
    label = "voters"
