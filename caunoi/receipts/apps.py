from django.apps import AppConfig


class ReceiptsConfig(AppConfig):
    name = "caunoi.receipts"
    label = "receipts"
