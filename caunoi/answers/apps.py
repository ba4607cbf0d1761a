from django.apps import AppConfig


class AnswersConfig(AppConfig):
    name = "caunoi.answers"
    label = "answers"
