from django.apps import AppConfig


class HousesConfig(AppConfig):
    name = "caunoi.houses"
    label = "houses"
