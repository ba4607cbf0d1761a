"""What Zalo's answers mean for a group; codes are those of the account (``zalo_oa.errors``)."""

from django.utils.translation import gettext_noop as _

from caunoi.channels.contract import Meaning, Refused, TryLater

ONLY_PUBLICATIONS = Meaning(Refused, _("Only publications go into a group of an account."))
TOO_LONG = Meaning(Refused, _("The message is too long for Zalo."))
TOO_MUCH = Meaning(
    TryLater, _("There is too much to look through; please look at the group yourself.")
)
