from django.apps import AppConfig


class StatementsConfig(AppConfig):
    name = "caunoi.statements"
    label = "statements"

    def ready(self) -> None:
        """Tell the campaigns what of this room meets a need."""
        from caunoi.statements import meeting  # noqa: F401
