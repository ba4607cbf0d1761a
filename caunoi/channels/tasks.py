"""What comes round by itself for channels."""

from datetime import datetime

from django.utils.translation import gettext_noop

from caunoi.channels import alerts, numbers_asking, upkeep
from caunoi.kit import jobs


@jobs.every("*/10 * * * *", title=gettext_noop("Renew tokens ahead of their end"))
def refresh_tokens(at: datetime) -> int:
    return upkeep.refresh_due(at=at)


@jobs.every("*/15 * * * *", title=gettext_noop("Look at every channel once a day"))
def check_channels(at: datetime) -> int:
    return upkeep.check_due(at=at)


@jobs.every("5 * * * *", title=gettext_noop("Watch tokens that end and pages that are silent"))
def watch_channels(at: datetime) -> int:
    return upkeep.watch(at=at)


@jobs.every("40 20 * * *", title=gettext_noop("Forget numbers whose owner never sent the code"))
def forget_numbers(at: datetime) -> int:
    return numbers_asking.forget_unconfirmed(at=at)


@jobs.every("*/5 * * * *", title=gettext_noop("Write to those in charge of channels"))
def mail_alerts(at: datetime) -> int:
    return alerts.mail_new(at=at)
