from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "caunoi.journeys"
    label = "journeys"

    def ready(self) -> None:
        """Tell the reform wizard what units hold."""
        from caunoi.journeys import reforming, reforming_tools  # noqa: F401
