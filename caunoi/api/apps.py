from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "caunoi.api"
    label = "api"

    def ready(self) -> None:
        """Tell the reform wizard of the keys that units hold."""
        from caunoi.api import successions  # noqa: F401
