"""What we believe about carriers and about companies that resell their messages, and could not check. Change it here.

Every provider differs: the names of the gateway's fields and its codes are those of one widely used company.
"""

MAX_UCS2, MAX_PLAIN = 670, 1530
"""Letters in ten parts, with Vietnamese marks and without; the link comes on top. Nobody reads so much on an old phone."""
MESSAGES_A_MINUTE = 300
MESSAGES_A_DAY = 5_000
"""What an office buys a day for one list; the rest waits for the next day."""
QUIET_FROM, QUIET_UNTIL = 22, 6
"""Hours in which nothing that can wait is sent. The rules for adverts say 7 to 22; notices of an office are none."""
TIMEOUT_SECONDS = 10
LISTEN_SECONDS = 1.0
"""How long we listen for one more receipt before we hang up."""
RECEIPTS_AT_ONCE = 500

BRANDNAME = {"source_addr_ton": 5, "source_addr_npi": 0}
SHORT_NUMBER = {"source_addr_ton": 3, "source_addr_npi": 0}
"""How a sender of letters and one of digits is named to the carrier."""

GATEWAY_SEND = "/MainService.svc/json/SendMultipleMessage_V4_post_json/"
GATEWAY_CHECK = "/MainService.svc/json/GetBalance_json"
GATEWAY_CLASS = "2"
"""Messages of care, whose wording is registered; an office's own class may have another number."""
FIELDS = {
    "login": "ApiKey",
    "password": "SecretKey",
    "phone": "Phone",
    "text": "Content",
    "sender": "Brandname",
    "class": "SmsType",
    "marks": "IsUnicode",
    "key": "RequestId",
}
INBOUND = {
    "phone": "Phone",
    "text": "Content",
    "sender": "Brandname",
    "id": "SMSID",
    "state": "SendStatus",
    "secret": "CallbackSecret",
}
"""How the reseller tells us of receipts and answers, as JSON to our address; the secret is a word we agree with it."""
INBOUND_STATES = {"5": "DELIVRD", "4": "REJECTD", "6": "UNDELIV"}
"""Its numbers for what became of a message; words of SMPP are understood as well, all others mean: on its way."""
ANSWER_CODE, ANSWER_ID = "CodeResult", "SMSID"
CHECK_CODE = "CodeResponse"
TAKEN, TAKEN_BEFORE = "100", "124"
"""Taken is not arrived. Taken before: the provider has this key of ours already, and sends nothing twice."""
