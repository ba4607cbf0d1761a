from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "caunoi.journeys"
    label = "journeys"
