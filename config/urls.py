"""Every door of the house. Each room lists its own in ``urls.py``; order matters only for the portal, which comes last."""

from django.urls import include, path

urlpatterns = [
    path("", include("caunoi.kit.urls")),
    path("", include("caunoi.units.urls")),
    path("", include("caunoi.staff.urls")),
    path("tai-khoan/", include("allauth.urls")),
    path("", include("caunoi.deadlines.urls")),
    path("", include("caunoi.duty.urls")),
    path("", include("caunoi.channels.urls")),
    path("", include("caunoi.webhooks.urls")),
    path("", include("caunoi.inbox.urls")),
    path("", include("caunoi.outbox.urls")),
    path("", include("caunoi.answers.urls")),
    path("", include("caunoi.notices.urls")),
    path("", include("caunoi.routing.urls")),
    path("", include("caunoi.documents.urls")),
    path("", include("caunoi.voters.urls")),
    path("", include("caunoi.handling.urls")),
    path("", include("caunoi.privacy.urls")),
    path("", include("caunoi.figures.urls")),
    path("", include("caunoi.subscriptions.urls")),
    path("", include("caunoi.reform.urls")),
    path("", include("caunoi.receipts.urls")),
    path("", include("caunoi.custody.urls")),
    path("", include("caunoi.journeys.urls")),
    path("", include("caunoi.api.urls")),
    path("", include("caunoi.open311.urls")),
    path("", include("caunoi.desk.probe_urls")),
    path("", include("caunoi.desk.urls")),
    path("", include("caunoi.portal.urls")),
]
