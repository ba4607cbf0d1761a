from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "caunoi.subscriptions"
    label = "subscriptions"
