"""The controls as Python methods, for tests and for the demo."""

import base64
import time
from collections.abc import Callable
from typing import Any

import httpx

Json = dict[str, Any]


class ControlClient:
    """Orders and looks at a running simulator. Raises HTTPStatusError for a refused order."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._http = httpx.Client(base_url=self.url, trust_env=False, timeout=30)

    def close(self) -> None:
        self._http.close()

    def order(self, path: str, wishes: Any = None) -> Json:
        """POST to a control. -> what it says."""
        response = self._http.post(f"/_control/{path}", json={} if wishes is None else wishes)
        return self._read(response)

    def look(self, path: str, /, **asked: str | int) -> Json:
        """GET from a control. -> what it shows."""
        return self._read(self._http.get(f"/_control/{path}", params=asked))

    @staticmethod
    def _read(response: httpx.Response) -> Json:
        if response.status_code == 400:
            raise httpx.HTTPStatusError(response.text, request=response.request, response=response)
        response.raise_for_status()
        return dict(response.json())

    def reset(self) -> None:
        """Empty the world; ids go on counting."""
        self.order("reset")

    def setup(self, **world: Any) -> Json:
        """Make apps, pages, oas and people exist, as often as you like."""
        return self.order("setup", world)

    def facebook_post(self, *, page: str, text: str, told: bool = True) -> str:
        """*told*: false for a post that stood there before the story begins. -> its id."""
        wishes = {"page": page, "text": text, "told": told}
        return str(self.order("facebook/post", wishes)["id"])

    def facebook_comment(
        self, *, post: str, person: str, text: str, parent: str | None = None
    ) -> str:
        """-> the comment_id."""
        wishes = {"post": post, "person": person, "text": text, "parent": parent}
        return str(self.order("facebook/comment", wishes)["comment_id"])

    def edit_comment(self, *, comment: str, text: str) -> None:
        self.order("facebook/comment/edit", {"comment": comment, "text": text})

    def remove_comment(self, *, comment: str) -> None:
        self.order("facebook/comment/remove", {"comment": comment})

    def facebook_message(self, *, page: str, person: str, text: str, image: str = "") -> str:
        """-> the mid."""
        wishes = {"page": page, "person": person, "text": text, "image": image}
        return str(self.order("facebook/message", wishes)["mid"])

    def facebook_read(self, *, page: str, person: str) -> None:
        self.order("facebook/read", {"page": page, "person": person})

    def facebook_code(self) -> str:
        """-> a code as the login dialog gives it."""
        return str(self.order("facebook/code")["code"])

    def facebook_verify(self) -> Json:
        """Do the webhook handshake now. -> {ok, status}."""
        return self.order("facebook/verify")

    def zalo_message(
        self, *, oa: str, person: str, text: str, image: str = "", event_name: str = ""
    ) -> str:
        """-> the msg_id."""
        wishes = {"oa": oa, "person": person, "text": text, "image": image}
        return str(self.order("zalo/message", wishes | {"event_name": event_name})["msg_id"])

    def zalo_follow(self, *, oa: str, person: str, follow: bool = True) -> None:
        self.order("zalo/follow", {"oa": oa, "person": person, "follow": follow})

    def zalo_seen(self, *, oa: str, person: str) -> list[str]:
        """-> the msg_ids the person has now seen."""
        return list(self.order("zalo/seen", {"oa": oa, "person": person})["msg_ids"])

    def zalo_event(
        self, *, oa: str, person: str, event_name: str, content: Json | None = None
    ) -> None:
        wishes = {"oa": oa, "person": person, "event_name": event_name, "content": content or {}}
        self.order("zalo/event", wishes)

    def zalo_code(self, *, oa: str, code_challenge: str) -> str:
        """-> a code as the consent page gives it."""
        return str(self.order("zalo/code", {"oa": oa, "code_challenge": code_challenge})["code"])

    def zalo_tokens(self, oa: str) -> Json:
        """-> access_token, refresh_token, and how often rotated and refused."""
        found = [one for one in self.look("zalo/tokens")["oas"] if one["oa"] == oa]
        return dict(found[0])

    def change_token(self, *, provider: str, token: str, kind: str, page: str = "") -> None:
        """*kind*: valid, expired, revoked or no_permission."""
        wishes = {"provider": provider, "token": token, "kind": kind, "page": page}
        self.order("token", wishes)

    def webhook_raw(
        self,
        *,
        provider: str,
        body: str | bytes,
        signature: str = "good",
        headers: dict[str, str] | None = None,
    ) -> int | None:
        """Send exactly this. -> the receiver's status, None when it could not be reached."""
        sent = body.encode() if isinstance(body, str) else body
        wishes = {
            "provider": provider,
            "body_base64": base64.b64encode(sent).decode(),
            "signature": signature,
            "headers": headers or {},
        }
        status = self.order("webhook/raw", wishes)["status"]
        return None if status is None else int(status)

    def fault(self, match: str, kind: str, **more: Any) -> None:
        """Let calls fail. *more*: count or probability, seconds, code, subcode."""
        self.order("faults", [{"match": match, "kind": kind} | more])

    def faults(self) -> list[Json]:
        return list(self.look("faults")["faults"])

    def clear_faults(self) -> None:
        self._read(self._http.delete("/_control/faults"))

    def webhook_plan(self, **wishes: Any) -> Json:
        """duplicate, reorder, batch, seed, paused, burst_per_second, delay_seconds, …"""
        return self.order("webhooks/plan", wishes)

    def limits(self, **wishes: Any) -> Json:
        """zalo_calls_a_minute, zalo_article_looks, zalo_broadcasts_a_month,
        zalo_group_messages_a_day, sms_outcomes ({phone: state of its receipt}),
        sms_receipt_seconds, mail_unknown ([addresses nobody has]), youtube_uploads_a_day,
        facebook_calls_a_day, facebook_iso_times,
        youtube_status ({uploadStatus, privacyStatus, rejectionReason …}), facebook_video_status,
        facebook_metrics_retired ([names of post metrics that are gone]).
        """
        return self.order("limits", wishes)

    def readers(self, post: str, **numbers: int) -> Json:
        """So many saw the post or article: seen, people, acted."""
        return self.order("readers", {post: numbers})

    def clock(self, offset_seconds: float) -> None:
        """Simulator time is real time plus this."""
        self.order("clock", {"offset_seconds": offset_seconds})

    def record(self, path: str = "", since: int = 0) -> list[Json]:
        """-> calls received after `since`, whose method and path fit `path`."""
        return list(self.look("record", path=path, since=since)["calls"])

    def posts(self, page: str = "") -> list[Json]:
        return list(self.look("posts", page=page)["posts"])

    def articles(self, oa: str = "") -> list[Json]:
        """-> every article: title, paragraphs, pictures, broadcasts, removed."""
        return list(self.look("articles", oa=oa)["articles"])

    def group_messages(self, group: str = "") -> list[Json]:
        """-> what accounts wrote into their groups: text, image."""
        return list(self.look("groups", group=group)["messages"])

    def text_messages(self) -> list[Json]:
        """-> whole text messages: sender, phone, text, parts, receipted."""
        return list(self.look("sms")["messages"])

    def letters(self) -> list[Json]:
        """-> letters that arrived: from, to, subject, text, attachments."""
        return list(self.look("letters")["letters"])

    def videos(self, where: str) -> list[Json]:
        """*where*: youtube or facebook. -> title, description, size, sha256, removed; of a Page title, size, post."""
        return list(self.look("videos")[where])

    def comments(self, post: str = "") -> list[Json]:
        return list(self.look("comments", post=post)["comments"])

    def chat(self, *, provider: str, account: str = "", person: str = "") -> list[Json]:
        asked = {"provider": provider, "account": account, "person": person}
        return list(self.look("chat", **asked)["messages"])

    def webhooks(self, since: int = 0) -> list[Json]:
        """-> every event: kind, payload, tries, acknowledged, deliveries."""
        return list(self.look("webhooks", since=since)["events"])

    def health(self) -> Json:
        return self.look("health")

    def wait_until_delivered(self, *, seconds: float = 15) -> list[Json]:
        """Wait until nothing waits to be sent. -> all events. Raises TimeoutError."""
        wait_for(lambda: self.look("webhooks")["waiting"] == 0, seconds=seconds)
        return self.webhooks()


def wait_for(is_so: Callable[[], bool], *, seconds: float = 15) -> None:
    """Look again and again until it is so. Raises TimeoutError when it never was."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError(f"not so after {seconds} s")
        time.sleep(0.03)
