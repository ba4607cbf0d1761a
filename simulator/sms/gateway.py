"""A reseller of text messages over HTTP, in the field names of one widely used company."""

from simulator.calls import Answer, Call
from simulator.sms import messages
from simulator.store import Store

TAKEN, WRONG_PASSWORD, WRONG_SENDER, TAKEN_BEFORE, BLOCKED = "100", "101", "104", "124", "99"


def send(store: Store, call: Call) -> Answer:
    """POST SendMultipleMessage_V4_post_json. -> CodeResult and SMSID; HTTP is always 200."""
    login = call.text("ApiKey")
    known = messages.account(store, login=login, password=call.text("SecretKey"))
    if known is None:
        return said(WRONG_PASSWORD)
    if call.text("Brandname") != known["sender"]:
        return said(WRONG_SENDER)
    key = call.text("RequestId")
    with store.together():
        if messages.known_key(store, login=login, key=key):
            return said(TAKEN_BEFORE)
        identifier = messages.keep(
            store,
            login=login,
            sender=known["sender"],
            phone=call.text("Phone"),
            text=call.text("Content"),
            key=key,
        )
    return said(TAKEN, SMSID=identifier)


def balance(store: Store, call: Call) -> Answer:
    """POST GetBalance_json."""
    password = call.text("SecretKey")
    known = messages.account(store, login=call.text("ApiKey"), password=password)
    return Answer({"CodeResponse": TAKEN if known else WRONG_PASSWORD, "Balance": 1_000_000})


def said(code: str, **more: str) -> Answer:
    return Answer({"CodeResult": code} | more)
