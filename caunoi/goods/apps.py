from django.apps import AppConfig


class GoodsConfig(AppConfig):
    name = "caunoi.goods"
    label = "goods"
