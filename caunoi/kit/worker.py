"""One service worker for the whole house, put together from parts that rooms name in ``settings.SERVICE_WORKER_PARTS``.

A browser allows one worker an address, so rooms share it. A part is a static file ("journeys/sw-ask.js"): it runs in a
function of its own, is given ``house`` and adds its listeners to ``self``:

    // needs: kit/kit.css journeys/ask.js          static files it speaks of; house.file("kit/kit.css") is their address
    self.addEventListener("push", (event) => …)

``house.version`` changes with every part and every file that is needed, so a name for a cache is made of it. A part answers
"fetch" only for its own addresses: two answers to one request are an error in the browser. A page that wants the worker
registers it itself: ``navigator.serviceWorker.register("/sw.js")``; doing so twice is doing so once.
"""

import json
import re
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static

NEEDS = re.compile(r"^// needs: (.+)$", re.MULTILINE)
FRAME = """"use strict";
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
const house = Object.freeze({version: %(version)s, files: %(files)s, file: (name) => house.files[name]});
"""


class NoSuchPart(LookupError):
    """A part or a file it needs is not among the static files; correct SERVICE_WORKER_PARTS or the line "needs"."""


def script() -> str:
    """Return the worker: the frame, then each part in a function of its own."""
    parts = {name: _text(name) for name in settings.SERVICE_WORKER_PARTS}
    needed = sorted(
        {n for text in parts.values() for line in NEEDS.findall(text) for n in line.split()}
    )
    digest = sha256()
    for text in (*parts.values(), *(_text(name) for name in needed)):
        digest.update(text.encode())
    frame = FRAME % {
        "version": json.dumps(digest.hexdigest()[:12]),
        "files": json.dumps({name: static(name) for name in needed}),
    }
    return frame + "".join(f"(() => {{ // {name}\n{text}}})();\n" for name, text in parts.items())


def _text(name: str) -> str:
    found = finders.find(name)
    if found is None:
        raise NoSuchPart(name)
    return Path(found).read_text(encoding="utf-8")
