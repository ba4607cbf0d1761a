"""Jobs of the reform: carrying plans out on their day, and trying them out before."""

from datetime import datetime

from django.utils.translation import gettext_noop

from caunoi.kit import jobs
from caunoi.reform import mailing, running


@jobs.every("*/5 * * * *", title=gettext_noop("Carry out signed plans for closing units"))
def carry_out_plans(at: datetime) -> int:
    return running.run_due(at=at)


@jobs.every("25 * * * *", title=gettext_noop("Look whether signed plans still fit the tree"))
def check_signed_plans(at: datetime) -> int:
    return running.check_signed(at=at)


@jobs.every("*/5 * * * *", title=gettext_noop("Write to signers of plans that went back"))
def tell_signers(at: datetime) -> int:
    return mailing.tell_signers(at=at)


@jobs.every("* * * * *", title=gettext_noop("Try out plans for closing units"))
def rehearse_plans(at: datetime) -> int:
    return running.rehearse_asked(at=at)
