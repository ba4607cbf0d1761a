from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "caunoi.outbox"
    label = "outbox"
