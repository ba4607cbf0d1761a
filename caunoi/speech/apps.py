from django.apps import AppConfig


class SpeechConfig(AppConfig):
    name = "caunoi.speech"
    label = "speech"
