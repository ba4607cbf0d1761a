from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "caunoi.documents"
    label = "documents"
