"""The VietQR code of a campaign, a need or a promise: its text, and the picture that a bank's app reads."""

import io

import segno
from django.utils.safestring import SafeString

from caunoi.campaigns.models import Campaign
from caunoi.funds import vietqr

FORMS = {"png": "image/png", "svg": "image/svg+xml"}


def payload(*, campaign: Campaign, code: str, amount: int | None = None) -> str:
    """Return the text of the payment code to the campaign's own account, the transfer code as its memo; empty without an account."""
    if not campaign.bank or not campaign.account_number:
        return ""
    wanted = vietqr.Payment(campaign.bank, campaign.account_number, amount, code)
    return vietqr.payload(wanted)


def inline(*, text: str) -> SafeString:
    """Return the code as an element of the page itself: it stands there without another request, and on paper."""
    if not text:
        return SafeString("")
    made = segno.make(text, error="m")
    return SafeString(made.svg_inline(border=4, omitsize=True, light="#fff", lineclass=None))


def drawn(*, text: str, form: str) -> bytes:
    """Return the code as ``png`` or ``svg``."""
    out = io.BytesIO()
    made = segno.make(text, error="m")
    if form == "svg":
        made.save(out, kind="svg", scale=8, border=4, xmldecl=False, svgns=True, title="VietQR")
    else:
        made.save(out, kind="png", scale=8, border=4)
    return out.getvalue()
