from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "caunoi.staff"
    label = "staff"
