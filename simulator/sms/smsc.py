"""The carrier's side of SMPP 3.4 on loopback: log in, take messages, tell what became of them; and its misfortunes.

Messages are read by the package smpp34, another implementation than the one the house sends with.
"""

import asyncio
import contextlib
import struct

import smpp34

from simulator import faults, record
from simulator.faults import Fault
from simulator.sms import messages
from simulator.store import Store

RECEIVER, TRANSMITTER, TRANSCEIVER = 0x01, 0x02, 0x09
SUBMIT, DELIVER, UNBIND, ENQUIRE, RESPONSE = 0x04, 0x05, 0x06, 0x15, 0x80000000
WRONG_STATE, TROUBLE, WRONG_PASSWORD, THROTTLED = 0x04, 0x08, 0x0E, 0x58
NAMES = {
    RECEIVER: "bind",
    TRANSMITTER: "bind",
    TRANSCEIVER: "bind",
    SUBMIT: "submit_sm",
    ENQUIRE: "enquire_link",
    UNBIND: "unbind",
}
STATUS_OF = {"429": THROTTLED, "500": TROUBLE, "503": TROUBLE, "revoked": WRONG_PASSWORD}
RECEIPT = (
    "id:{id} sub:001 dlvrd:001 submit date:2611220800 done date:2611220801 stat:{state} err:000 "
    "text:"
)


class Carrier:
    """Listens on one loopback port as long as the simulator runs."""

    def __init__(self, store: Store, *, host: str, port: int) -> None:
        self.store, self.host, self.port = store, host, port
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; with port 0 any free one. A port that is taken leaves the simulator without a carrier."""
        with contextlib.suppress(OSError):
            self._server = await asyncio.start_server(self._serve, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1] if self._server else 0

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, struct.error):
            await Session(self.store, reader, writer).run()
        writer.close()


class Session:
    """One connection of somebody who sends."""

    def __init__(
        self, store: Store, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.store, self.reader, self.writer = store, reader, writer
        self.login, self.may_send, self.hears = "", False, False

    async def run(self) -> None:
        """Answer until one side hangs up."""
        while True:
            pdu = await self._read()
            command, _status, sequence = struct.unpack(">III", pdu[4:16])
            if command & RESPONSE:
                continue
            name = NAMES.get(command, "")
            with self.store.together():
                number = record.note_received(
                    self.store,
                    provider="sms",
                    method="SMPP",
                    path=f"/smpp/{name or command}",
                    query="",
                    headers=(),
                    body=pdu,
                )
                fault = faults.pick(self.store, method="SMPP", path=f"/smpp/{name}")
            record.note_outcome(
                self.store, number, outcome="answered", fault=fault.kind if fault else None
            )
            if not await self._act(command, sequence, pdu, fault):
                return

    async def _act(self, command: int, sequence: int, pdu: bytes, fault: Fault | None) -> bool:
        """Do what is asked. -> False to hang up."""
        if fault is not None and fault.kind == "hang":
            await asyncio.sleep(fault.seconds)
        if fault is not None and fault.kind == "reset":
            return False
        status, body = self._done(command, pdu, fault)
        if fault is not None and fault.kind == "drop":
            return False
        if fault is not None and fault.kind == "malformed":
            command = 0x7EADBEEF
        self._write(command | RESPONSE, status, sequence, body)
        await self.writer.drain()
        if self.hears and status == 0 and NAMES.get(command) == "bind":
            await self._tell()
        return command != UNBIND

    def _done(self, command: int, pdu: bytes, fault: Fault | None) -> tuple[int, bytes]:
        """-> status and body of the answer; an ordered refusal has no effect."""
        if fault is not None and fault.kind == "sms_error":
            return int(fault.code or TROUBLE), b""
        if fault is not None and fault.kind in STATUS_OF:
            return STATUS_OF[fault.kind], b""
        if NAMES.get(command) == "bind":
            return self._bind(command, pdu)
        if command == SUBMIT:
            return self._submit(pdu)
        return 0, b""

    def _bind(self, command: int, pdu: bytes) -> tuple[int, bytes]:
        login, password = (word.decode("latin-1") for word in pdu[16:].split(b"\0")[:2])
        if messages.account(self.store, login=login, password=password) is None:
            return WRONG_PASSWORD, b""
        self.login = login
        self.may_send, self.hears = command != RECEIVER, command != TRANSMITTER
        return 0, b"carrier\0"

    def _submit(self, pdu: bytes) -> tuple[int, bytes]:
        if not self.may_send:
            return WRONG_STATE, b""
        sent = smpp34.decode(pdu)
        if not isinstance(sent, smpp34.SubmitSm):
            return TROUBLE, b""
        body, reference, part, parts = sent.short_message, 0, 1, 1
        if sent.esm_class & 0x40:
            reference, parts, part = body[3], body[4], body[5]
            body = body[body[0] + 1 :]
        identifier = messages.keep(
            self.store,
            login=self.login,
            sender=sent.source_addr,
            phone=sent.destination_addr,
            text=messages.read_text(body, data_coding=sent.data_coding),
            wants_receipt=bool(sent.registered_delivery & 1),
            reference=reference,
            part=part,
            parts=parts,
        )
        return 0, identifier.encode() + b"\0"

    async def _tell(self) -> None:
        """Tell what became of messages, and what phones wrote back, one after the other; what is not taken is kept."""
        for row in messages.waiting_receipts(self.store, login=self.login):
            words = RECEIPT.format(id=row["id"], state=row["state"]).encode()
            told = smpp34.DeliverSm(
                row["phone"],
                row["sender"],
                words,
                esm_class=0x04,
                sequence_number=self.store.next_number("smpp_sequence"),
            )
            self.writer.write(told.encode())
            await self.writer.drain()
            answer = await self._read()
            if struct.unpack(">I", answer[8:12])[0] == 0:
                messages.receipt_taken(self.store, row["id"])

        for row in messages.waiting_words(self.store, login=self.login):
            marks = not row["text"].isascii()
            said = smpp34.DeliverSm(
                row["phone"],
                row["sender"],
                row["text"].encode("utf-16-be" if marks else "ascii"),
                data_coding=8 if marks else 0,
                sequence_number=self.store.next_number("smpp_sequence"),
            )
            self.writer.write(said.encode())
            await self.writer.drain()
            answer = await self._read()
            if struct.unpack(">I", answer[8:12])[0] == 0:
                messages.words_taken(self.store, row)

    async def _read(self) -> bytes:
        head = await self.reader.readexactly(4)
        length = struct.unpack(">I", head)[0]
        return head + await self.reader.readexactly(length - 4)

    def _write(self, command: int, status: int, sequence: int, body: bytes) -> None:
        head = struct.pack(">IIII", 16 + len(body), command, status, sequence)
        self.writer.write(head + body)
