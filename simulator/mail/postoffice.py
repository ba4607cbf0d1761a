"""A mail server on loopback (RFC 5321): takes letters, knows an address or not, lets in or not; and its misfortunes."""

import asyncio
import contextlib
import email
import email.policy
import json

from simulator import faults, record
from simulator.faults import Fault
from simulator.store import Row, Store

LARGEST_LETTER = 10 * 1024 * 1024
CODES = {"429": "451 4.3.2", "500": "554 5.3.0", "503": "451 4.3.2", "revoked": "535 5.7.8"}
ENDED = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError)


class PostOffice:
    """Listens on one loopback port as long as the simulator runs."""

    def __init__(self, store: Store, *, host: str, port: int) -> None:
        self.store, self.host, self.port = store, host, port
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; with port 0 any free one. A port that is taken leaves the simulator without a mail server."""
        with contextlib.suppress(OSError):
            self._server = await asyncio.start_server(
                self._serve, self.host, self.port, limit=LARGEST_LETTER
            )
        self.port = self._server.sockets[0].getsockname()[1] if self._server else 0

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(*ENDED):
            await Conversation(self.store, reader, writer).run()
        writer.close()


class Conversation:
    """One connection of somebody who brings letters."""

    def __init__(
        self, store: Store, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.store, self.reader, self.writer = store, reader, writer
        self.sender = ""
        self.people: list[str] = []

    async def run(self) -> None:
        """Answer until one side hangs up."""
        if not await self._answer("connect", b"", "220 mail.example ESMTP"):
            return
        while True:
            line = (await self.reader.readuntil(b"\r\n")).decode("latin-1").strip()
            verb = line.split(" ")[0].lower()
            if verb == "data":
                if not await self._letter():
                    return
            elif verb == "quit":
                await self._say("221 2.0.0 bye")
                return
            elif not await self._answer(verb, line.encode(), self._plain(verb, line)):
                return

    def _plain(self, verb: str, line: str) -> str:
        """-> what is answered to a line when nothing goes wrong."""
        address = line.partition(":")[2].strip().split(" ")[0].strip("<>")
        if verb == "ehlo":
            return (
                f"250-mail.example\r\n250-SIZE {LARGEST_LETTER}\r\n250-8BITMIME\r\n250 AUTH PLAIN"
            )
        if verb == "auth":
            return "235 2.7.0 let in"
        if verb == "mail":
            self.sender, self.people = address, []
        elif verb == "rcpt":
            if address in self.store.setting("limits").get("mail_unknown", []):
                return "550 5.1.1 no such person"
            self.people.append(address)
        elif verb == "rset":
            self.sender, self.people = "", []
        elif verb not in {"helo", "noop"}:
            return "502 5.5.2 what?"
        return "250 2.0.0 fine"

    async def _letter(self) -> bool:
        """DATA: a letter is ours once its end was read, whether our answer arrives or not. -> False to hang up."""
        if not self.people:
            await self._say("503 5.5.1 to whom?")
            return True
        await self._say("354 go on")
        raw = await self.reader.readuntil(b"\r\n.\r\n")
        body = raw[: -len(b".\r\n")].replace(b"\r\n..", b"\r\n.")
        return await self._answer("data", body, "250 2.0.0 taken", letter=True)

    async def _answer(self, verb: str, body: bytes, fine: str, *, letter: bool = False) -> bool:
        """Do what is asked and say so, or what was ordered to go wrong. -> False to hang up."""
        fault = self._noted(verb, body)
        if fault is not None and fault.kind in {"hang", "slow"}:
            await asyncio.sleep(fault.seconds)
        if fault is not None and fault.kind == "reset":
            return False
        refusal = _refusal(fault)
        if refusal:
            await self._say(f"{refusal} ordered")
            return not refusal.startswith("421") and verb != "connect"
        if letter:
            keep(self.store, sender=self.sender, people=self.people, body=body)
        if fault is not None and fault.kind == "drop":
            return False
        await self._say("?? what now" if fault is not None and fault.kind == "malformed" else fine)
        return True

    def _noted(self, verb: str, body: bytes) -> Fault | None:
        path = f"/smtp/{verb}"
        with self.store.together():
            number = record.note_received(
                self.store,
                provider="mail",
                method="SMTP",
                path=path,
                query="",
                headers=(),
                body=body,
            )
            fault = faults.pick(self.store, method="SMTP", path=path)
        record.note_outcome(
            self.store, number, outcome="answered", fault=fault.kind if fault else None
        )
        return fault

    async def _say(self, words: str) -> None:
        self.writer.write(f"{words}\r\n".encode())
        await self.writer.drain()


def _refusal(fault: Fault | None) -> str:
    """-> code and class of an ordered refusal, empty for none."""
    if fault is None:
        return ""
    if fault.kind == "mail_error":
        code = str(fault.code or 554)
        return f"{code} {code[0]}.0.0"
    return CODES.get(fault.kind, "")


def keep(store: Store, *, sender: str, people: list[str], body: bytes) -> None:
    """Put the letter into the box of everybody it is for."""
    letter = email.message_from_bytes(body, policy=email.policy.default)
    text = letter.get_body(("plain", "html"))
    row = {
        "message_id": str(letter["Message-ID"] or ""),
        "from": sender,
        "to": people,
        "subject": str(letter["Subject"] or ""),
        "text": text.get_content().replace("\r\n", "\n") if text else "",
        "attachments": [part.get_filename() or "" for part in letter.iter_attachments()],
        "at_ms": store.now_ms(),
    }
    words = json.dumps(row, ensure_ascii=False)
    store.change(
        "INSERT INTO letter (number, words) VALUES (?, ?)", store.next_number("letter"), words
    )


def all_letters(store: Store) -> list[Row]:
    """-> the letters that arrived, oldest first."""
    return [
        json.loads(row["words"]) for row in store.rows("SELECT words FROM letter ORDER BY number")
    ]
