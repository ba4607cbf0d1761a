from django.apps import AppConfig


class GoodsConfig(AppConfig):
    name = "caunoi.goods"
    label = "goods"

    def ready(self) -> None:
        """Tell the campaigns what of this room meets a need."""
        from caunoi.goods import meeting  # noqa: F401
