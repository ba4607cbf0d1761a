"""Every page of the product, in every state that matters, in a real browser: for everybody, light and dark, phone and PC."""

import re
from zlib import crc32

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Error

from caunoi.cli import sample
from tests.browser import faces
from tools import pages

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("faces")]
WHO = (None, *(word for word, *_more in sample.STAFF))
AWAY = re.compile(
    r"/(static|hooks|metrics|healthz|readyz|ngon-ngu)|logout|download/|xlsx=1|\.(xlsx|csv|json|xml|ics|txt|svg|png|zip)$"
)


class Visitor:
    """One person's browser and all that was found wrong so far, by page."""

    def __init__(self, chrome, copy, who, met, *, crossed):
        self.who, self.met, self.crossed = who, met, crossed
        self.context = chrome.new_context(
            base_url=copy.url, locale="vi-VN", viewport={"width": faces.PHONE, "height": 800}
        )
        self.context.set_default_timeout(30_000)
        self.page = self.context.new_page()
        self.wrong: dict[str, list[str]] = {}
        self.noise: list[str] = []
        self.responses: list = []
        self.links: list[str] = []
        if who:
            pages.sign_in(self.page, who)
        self.page.on("console", lambda m: m.type == "error" and self.noise.append(m.text))
        self.page.on("pageerror", lambda error: self.noise.append(str(error)))
        self.page.on(
            "response",
            lambda response: response.url.startswith(copy.url) and self.responses.append(response),
        )
        cdp = self.context.new_cdp_session(self.page)
        cdp.send("Network.enable")
        cdp.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def look(self, look):
        """Open the page and ask it everything."""
        self.met.add(view_of(look.address))
        self.noise.clear()
        self.responses.clear()
        self.page.set_viewport_size({"width": faces.PHONE, "height": 800})
        self.page.emulate_media(color_scheme="light")
        try:
            answer = self.page.goto(look.address)
        except Error as error:
            if "Download is starting" in str(error):
                return  # a file to keep, no page
            raise
        if "text/html" not in answer.headers.get("content-type", ""):
            self.page.goto("about:blank")  # a paper, no page: the browser's own viewer ends here
            return
        wrong = [] if answer.status == look.status else [f"answers {answer.status}"]
        if answer.status == look.status == 200:
            wrong += self.heavy()
        if look.then:
            look.then(self.page)
        wrong += self.everything(in_light=crc32(look.name.encode()) % 2 == 0)
        if look.status == 200:
            # a form that was refused on purpose answers 422, and the browser says so
            told = [text for text in self.noise if "status of 422" not in text]
            wrong += [f"console: {text[:200]}" for text in told]
        if wrong:
            self.wrong[f"{look.name} ({look.address}, {self.who or 'anybody'})"] = wrong

    def everything(self, *, in_light):
        """Ask the checker in the light on a phone or in the dark on a PC, each page by its name, in the long form in both.

        Darken and widen step by step, each width set once. All other questions are asked of every page.
        """
        faces.prepare(self.page)
        self.links += self.page.evaluate("faces.links()")
        wrong = faces.small_targets(self.page)
        if in_light or self.crossed:
            wrong += faces.wrong_in_axe(self.page)
        self.page.emulate_media(color_scheme="dark")
        wrong += self.crosswise("dark") + faces.wrong_in_structure(self.page)
        wrong += faces.sideways(self.page)
        if self.crossed or not in_light:
            wrong += [f"dark, wide {w}" for w in faces.wrong_in_axe(self.page)]
        wrong += faces.lost_focus(self.page)
        self.page.emulate_media(color_scheme="light")
        return wrong + self.crosswise("wide")

    def crosswise(self, state):
        """Colours once more in the two states that are not asked everything; each scheme was asked at one width anyway."""
        if not self.crossed:
            return []
        return [f"{state} {w}" for w in faces.wrong_in_axe(self.page, colours_only=True)]

    def heavy(self):
        size, requests = faces.weight(self.responses)
        limit = faces.STAFF_BYTES if self.who else faces.PUBLIC_BYTES
        wrong = [f"{size} bytes compressed, more than {limit}"] if size > limit else []
        if not self.who and requests > faces.MOST_REQUESTS:
            wrong.append(f"{requests} requests")
        return wrong

    def wander(self):
        """Follow every link to a view that was not looked at yet, and look at it."""
        while self.links:
            address = self.links.pop(0)
            name = view_of(address)
            if name and name not in self.met and not AWAY.search(address):
                self.look(pages.Look(name, address, self.who))


def view_of(address):
    try:
        return resolve(address.split("?")[0]).view_name
    except Resolver404:
        return ""


@pytest.fixture(scope="module")
def known(copy):
    return pages.looks(copy.rows)


@pytest.fixture(scope="module")
def met(known):
    """The views that somebody looks at by name, and those that were met on the way: one look at each is enough."""
    return {view_of(look.address) for look in known}


@pytest.mark.parametrize("who", WHO, ids=lambda who: who or "anybody")
@pytest.mark.parametrize("crossed", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_every_page_is_fit_for_everybody(chrome, copy, known, met, who, crossed):
    hers = [look for look in known if look.who == who]
    if not hers:
        return
    visitor = Visitor(chrome, copy, who, met, crossed=crossed)

    for look in hers:
        visitor.look(look)
    visitor.wander()
    visitor.context.close()

    assert not visitor.wrong, "\n".join(
        f"{where}\n    " + "\n    ".join(found) for where, found in visitor.wrong.items()
    )
