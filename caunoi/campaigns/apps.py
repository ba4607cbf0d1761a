from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "caunoi.campaigns"
    label = "campaigns"
