from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "caunoi.duty"
    label = "duty"
