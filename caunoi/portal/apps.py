from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "caunoi.portal"
    label = "portal"
