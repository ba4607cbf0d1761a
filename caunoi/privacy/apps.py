from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "caunoi.privacy"
    label = "privacy"
