from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "caunoi.files"
    label = "files"
