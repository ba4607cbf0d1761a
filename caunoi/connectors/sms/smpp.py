"""One line to the carrier by SMPP 3.4: log in, hand over, hear of receipts, hang up."""

import re
import socket
import ssl
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from smpplib import client, consts, exceptions

from caunoi.channels.contract import Account, Follow, Health, Receipt
from caunoi.connectors.sms import errors, inbound, uncertain
from caunoi.kit import http, texting

UNREADABLE = (exceptions.PDUError, exceptions.UnknownCommandError, struct.error, ValueError, KeyError, IndexError)  # fmt: skip
LOST = (exceptions.ConnectionError, OSError)
FORWARD, UDHI = 0x00, 0x40
RECEIPT_WANTED, RECEIPT_IS_IN = 1, 0x04
NOT_OURS = 0x64
"""For now not: the carrier keeps the receipt for whoever it is for."""
WORDS = re.compile(rb"(id|stat|err):(\S+)")


class _Line(client.Client):
    """The library's client; over TLS it also looks whether the carrier is who it says."""

    def _create_socket(self) -> socket.socket:
        raw = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        raw.settimeout(self.timeout)
        if self._ssl_context is None:
            return raw
        return self._ssl_context.wrap_socket(raw, server_hostname=self.host)

    def hear_for(self, seconds: float) -> None:
        """Wait no longer than this for the next word of the carrier."""
        if self._socket is not None:
            self._socket.settimeout(seconds)


def send(text: str, number: str, account: Account, *, key: str) -> str:
    """Hand the text over, in as many parts as it needs. -> the carrier's id of the last part, whose receipt is asked for.

    Raises TryLater, Refused, ReconnectNeeded while nothing was taken; Unclear when an answer is lost or only some parts were taken.
    """
    encoding, parts = texting.encoding_of(text), texting.cut(text)
    mark = sum(key.encode()) % 256
    taken = ""
    with _bound(account, "transmitter") as line:
        for place, part in enumerate(parts, start=1):
            body = texting.written(part, encoding)
            if len(parts) > 1:
                body = bytes((5, 0, 3, mark, len(parts), place)) + body
            try:
                taken = _submit(
                    line,
                    account,
                    number,
                    body,
                    data_coding=8 if encoding == texting.UCS2 else 0,
                    esm_class=UDHI if len(parts) > 1 else FORWARD,
                    registered_delivery=RECEIPT_WANTED if place == len(parts) else 0,
                )
            except _Status as error:
                if place > 1:
                    raise errors.IN_PARTS.error(f"{place - 1}/{len(parts)}") from error
                raise _meaning(error.status) from error
    return taken


def check(account: Account) -> Health:
    """Log in and out. Raises TryLater, ReconnectNeeded."""
    with _bound(account, "transmitter"):
        return Health(ok=True)


def heard(account: Account, *, at: datetime) -> list[Receipt | Follow]:
    """Listen until there is nothing more for now. -> receipts, and numbers that want no more. Raises TryLater, ReconnectNeeded."""
    heard: list[Receipt | Follow] = []
    sender = sender_of(account)

    def take(pdu: Any, **_more: Any) -> int | None:
        to = (pdu.destination_addr or b"").decode("latin-1")
        if to and to != sender:
            return NOT_OURS
        said, ref = pdu.short_message or b"", account.external_id
        told: Receipt | Follow | None
        if (pdu.esm_class or 0) & RECEIPT_IS_IN:
            told = read_receipt(said, account_ref=ref, at=at)
        else:
            told = read_farewell(pdu, account_ref=ref, at=at)
        if told is not None:
            heard.append(told)
        return None

    with _bound(account, "receiver") as line:
        line.set_message_received_handler(take)
        line.hear_for(uncertain.LISTEN_SECONDS)
        for _turn in range(uncertain.RECEIPTS_AT_ONCE):
            try:
                line.read_once(auto_send_enquire_link=False)
            except (*UNREADABLE, *LOST):
                break
    return heard


def read_receipt(said: bytes, *, account_ref: str, at: datetime) -> Receipt | None:
    """Return what a receipt says: arrived, or not and why; None while the message is on its way or when it is no receipt."""
    found = {name.decode(): word.decode("latin-1") for name, word in WORDS.findall(said)}
    state, message = found.get("stat", ""), found.get("id", "")
    if not message:
        return None
    if state == "DELIVRD":
        return Receipt(account_ref, (message,), "delivered", at)
    if state not in errors.NOT_ARRIVED:
        return None
    return Receipt(account_ref, (message,), "failed", at, reason=errors.NOT_ARRIVED[state])


def read_farewell(pdu: Any, *, account_ref: str, at: datetime) -> Follow | None:
    """Return that the writer wants no more text messages, None for whatever else she writes: nobody reads that here."""
    said = pdu.short_message or b""
    coding = "utf-16-be" if pdu.data_coding == 8 else "latin-1"
    if not inbound.asks_to_stop(said.decode(coding, errors="replace")):
        return None
    number = (pdu.source_addr or b"").decode("latin-1")
    return Follow(account_ref, number, following=False, at=at)


def sender_of(account: Account) -> str:
    """Return the name or short number people see as sender: what stands before the slash in the channel's number."""
    return account.external_id.partition("/")[0]


class _Status(Exception):
    """The carrier answered with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def _meaning(status: int) -> Exception:
    return errors.SMPP.get(status, errors.UNKNOWN).error(f"0x{status:02X}")


@contextmanager
def _bound(account: Account, role: str) -> Iterator[_Line]:
    """Give a line that is logged in; nothing was sent before. It is hung up in any case."""
    host, port = account.settings["host"], int(account.settings["port"])
    if settings.LOOPBACK_ONLY and not http.is_loopback(f"//{host}"):
        raise errors.UNREACHABLE.error("")
    tls = ssl.create_default_context() if account.settings.get("tls") else None
    line = _Line(
        host,
        port,
        timeout=uncertain.TIMEOUT_SECONDS,
        ssl_context=tls,
        allow_unknown_opt_params=True,
    )
    try:
        _log_in(line, account, role)
        yield line
    finally:
        _hang_up(line)


def _log_in(line: _Line, account: Account, role: str) -> None:
    try:
        line.connect()
        getattr(line, f"bind_{role}")(
            system_id=account.secrets.get("login", ""),
            password=account.secrets.get("access_token", ""),
        )
    except LOST as error:
        raise errors.UNREACHABLE.error("") from error
    except exceptions.PDUError as error:
        status = int(error.args[1]) if len(error.args) > 1 else 0x0D
        found = errors.SMPP.get(status, errors.NOT_LET_IN).error(f"0x{status:02X}")
        raise found from error
    except UNREADABLE as error:
        raise errors.TROUBLE.error("") from error


def _hang_up(line: _Line) -> None:
    """Say goodbye where that works; what was handed over stays so."""
    if line._socket is None:
        return
    try:
        if line.state != consts.SMPP_CLIENT_STATE_OPEN:
            line.unbind()
    except (*UNREADABLE, *LOST):
        pass
    line.state = consts.SMPP_CLIENT_STATE_OPEN
    line.disconnect()


def _submit(line: _Line, account: Account, number: str, body: bytes, **more: int) -> str:
    """Hand one part over. -> the carrier's id of it. Raises _Status for a no, Unclear when the answer cannot be had."""
    sender = sender_of(account)
    named = uncertain.SHORT_NUMBER if sender.isdigit() else uncertain.BRANDNAME
    try:
        asked = line.send_message(
            **named,
            source_addr=sender,
            dest_addr_ton=1,
            dest_addr_npi=1,
            destination_addr=number,
            short_message=body,
            **more,
        )
        answer = _answer_to(line, asked.sequence)
    except LOST as error:
        raise errors.NO_ANSWER.error(type(error).__name__) from error
    except UNREADABLE as error:
        raise errors.UNREADABLE.error(type(error).__name__) from error
    if answer.is_error():
        raise _Status(int(answer.status))
    if not answer.message_id:
        raise errors.UNREADABLE.error("")
    taken: bytes = answer.message_id
    return taken.decode("latin-1")


def _answer_to(line: _Line, sequence: int) -> Any:
    """Return the answer to our own message; the carrier may ask in between whether we are there."""
    while True:
        heard = line.read_pdu()
        if heard.command == "submit_sm_resp" and heard.sequence == sequence:
            return heard
        if heard.command == "enquire_link":
            line._enquire_link_received(heard)
