from django.apps import AppConfig


class WorksConfig(AppConfig):
    name = "caunoi.works"
    label = "works"

    def ready(self) -> None:
        """Tell the treasury what the projects are called."""
        from caunoi.works import naming  # noqa: F401
