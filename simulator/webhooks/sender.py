"""The sender: takes what is due from the queue and tells it, again and again if need be."""

import asyncio
import contextlib
from collections.abc import Iterator

import httpx

from simulator.store import Row, Store
from simulator.webhooks import compose, queue
from simulator.webhooks.compose import Parcel

LONGEST_SLEEP_SECONDS = 1.0
WORKERS_IN_A_BURST = 16
SUBSCRIPTION_LOST_AFTER_MS = 3600 * 1000


class Sender:
    """Sends webhooks in the background for as long as the simulator runs."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._something_new = asyncio.Event()
        self._handshake_wanted = False
        self._client = httpx.AsyncClient(trust_env=False, follow_redirects=False)

    def wake(self) -> None:
        """Look at the queue now instead of at the next due time."""
        self._something_new.set()

    def want_handshake(self) -> None:
        """Somebody subscribed: ask the receiver to prove itself, soon."""
        self._handshake_wanted = True
        self.wake()

    async def run(self) -> None:
        """Send until cancelled."""
        async with self._client:
            while True:
                if self._handshake_wanted:
                    self._handshake_wanted = False
                    await self.handshake()
                sent = await self.send_due()
                if not sent:
                    await self._sleep()

    async def send_due(self) -> int:
        """Send all that is due, both providers side by side. -> how many parcels went out."""
        if queue.plan(self.store)["paused"]:
            return 0
        return sum(await asyncio.gather(self._send("facebook"), self._send("zalo")))

    async def raw(self, parcel: Parcel) -> int:
        """Send exactly this, once. -> the status the receiver gave."""
        response = await self._post(parcel)
        return response.status_code

    async def handshake(self, wishes: Row | None = None) -> Row:
        """Ask the Facebook webhook to prove itself, and keep the outcome.

        *wishes*: webhook_url and verify_token to try instead of the app's own.
        """
        app = self.store.setting("facebook_app") | (wishes or {})
        challenge = str(self.store.next_number("challenge", first=1158201444))
        query = {
            "hub.mode": "subscribe",
            "hub.challenge": challenge,
            "hub.verify_token": str(app.get("verify_token", "")),
        }
        outcome: Row = {"at_ms": self.store.now_ms(), "ok": False, "status": None}
        url = str(app.get("webhook_url", ""))
        if compose.is_loopback(url):
            with contextlib.suppress(httpx.HTTPError):
                response = await self._client.get(url, params=query, timeout=5)
                same = response.text == challenge
                outcome |= {"ok": response.is_success and same, "status": response.status_code}
        self.store.set_setting("handshake", outcome)
        return outcome

    async def _sleep(self) -> None:
        due = queue.next_due_ms(self.store)
        wait = LONGEST_SLEEP_SECONDS
        if due is not None:
            wait = min(wait, max(0.02, (due - self.store.now_ms()) / 1000))
        if queue.plan(self.store)["paused"]:
            wait = LONGEST_SLEEP_SECONDS
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._something_new.wait(), timeout=wait)
        self._something_new.clear()

    async def _send(self, provider: str) -> int:
        wishes = queue.plan(self.store)
        burst = wishes["burst_per_second"]
        at_once = WORKERS_IN_A_BURST if burst else 1
        sent = 0
        parcels = self._parcels(provider, batch=int(wishes["batch"]))
        while chunk := [parcel for _, parcel in zip(range(at_once), parcels, strict=False)]:
            await asyncio.gather(*(self._tell(parcel) for parcel in chunk))
            sent += len(chunk)
            if burst:
                await asyncio.sleep(len(chunk) / float(burst))
            if queue.plan(self.store)["paused"]:
                break
        return sent

    def _parcels(self, provider: str, *, batch: int) -> Iterator[Parcel]:
        due = queue.due_deliveries(self.store, provider=provider)
        if provider == "zalo":
            for delivery in due:
                yield compose.zalo_parcel(self.store, delivery, signature=self._signature())
            return
        step = max(1, batch)
        for start in range(0, len(due), step):
            group = due[start : start + step]
            yield compose.facebook_parcel(self.store, group, signature=self._signature())

    def _signature(self) -> str:
        """-> how the next parcel is signed; uses up what the plan ordered to go wrong."""
        wishes = queue.plan(self.store)
        for word, signature in (("bad_signature", "bad"), ("wrong_secret", "wrong_secret")):
            if int(wishes[word]) > 0:
                queue.change_plan(self.store, {word: int(wishes[word]) - 1})
                return signature
        return "good"

    async def _tell(self, parcel: Parcel) -> None:
        provider = parcel.deliveries[0]["provider"]
        try:
            response = await self._post(parcel)
        except (httpx.HTTPError, ValueError) as failure:
            refused = isinstance(failure, httpx.ConnectError | ValueError)
            self._failed(provider, parcel, None, type(failure).__name__, refused=refused)
            return
        if not response.is_success:
            self._failed(provider, parcel, response.status_code, "not 2xx", refused=False)
            return
        with self.store.together():
            for delivery in parcel.deliveries:
                queue.mark_acknowledged(self.store, delivery, status=response.status_code)
                self._forget_failing(delivery["account"])

    async def _post(self, parcel: Parcel) -> httpx.Response:
        """Send the parcel. Raises ValueError when it would leave this machine."""
        if not compose.is_loopback(parcel.url):
            raise ValueError("webhooks go to loopback addresses only")
        timeout = float(queue.plan(self.store)["timeout_seconds"])
        return await self._client.post(
            parcel.url, content=parcel.body, headers=parcel.headers, timeout=timeout
        )

    def _failed(
        self, provider: str, parcel: Parcel, status: int | None, error: str, *, refused: bool
    ) -> None:
        """Plan another try, or give up as the provider would."""
        wishes = queue.plan(self.store)
        again = provider == "facebook" or refused or wishes["zalo_retries"] == "any"
        with self.store.together():
            for delivery in parcel.deliveries:
                kept = queue.mark_failed(
                    self.store, delivery, status=status, error=error, again=again
                )
                if provider == "facebook":
                    self._keep_failing(delivery["account"])
                elif again and not kept:
                    self._disable_zalo()

    def _keep_failing(self, page: str) -> None:
        """After an hour of nothing but failures the Page is unsubscribed."""
        now = self.store.now_ms()
        self.store.change(
            "UPDATE page SET failing_since_ms = ? WHERE id = ? AND failing_since_ms IS NULL",
            now,
            page,
        )
        lost = self.store.change(
            "UPDATE page SET subscribed_fields = '', failing_since_ms = NULL "
            "WHERE id = ? AND failing_since_ms <= ?",
            page,
            now - SUBSCRIPTION_LOST_AFTER_MS,
        )
        if lost:
            queue.drop_waiting(self.store, provider="facebook", account=page)

    def _forget_failing(self, page: str) -> None:
        self.store.change("UPDATE page SET failing_since_ms = NULL WHERE id = ?", page)

    def _disable_zalo(self) -> None:
        """An hour of refused connections disables the app's webhook until it is set up again."""
        app = self.store.setting("zalo_app")
        self.store.set_setting("zalo_app", app | {"webhook_disabled": True})
        queue.drop_waiting(self.store, provider="zalo")
