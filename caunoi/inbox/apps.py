from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "caunoi.inbox"
    label = "inbox"
