from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "caunoi.webhooks"
    label = "webhooks"
