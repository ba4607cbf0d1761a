from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "caunoi.figures"
    label = "figures"
