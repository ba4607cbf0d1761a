"""What htmx would do with an answer, so that a swapped page can be compared with a reloaded one."""

from bs4 import BeautifulSoup
from django.test import Client

MOVING = ("csrfmiddlewaretoken",)


def part(client: Client, address: str, target: str) -> BeautifulSoup:
    """Return what the server answers when htmx asks for the element ``target`` of that page."""
    answer = client.get(address, headers={"HX-Request": "true", "HX-Target": target})
    assert answer.status_code == 200, answer.status_code
    assert "HX-Request" in answer.headers["Vary"]
    return _soup(answer)


def whole(client: Client, address: str) -> BeautifulSoup:
    """Return the page as a browser loads it."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return _soup(answer)


def swapped(page: BeautifulSoup, answer: BeautifulSoup, target: str) -> str:
    """Return the page after the element ``target`` was replaced by the answer."""
    (old,) = page.select(f"#{target}")
    (new,) = answer.select(f"#{target}")
    old.replace_with(new)
    return page.prettify()


def _soup(answer) -> BeautifulSoup:
    soup = BeautifulSoup(answer.content.decode(), "html.parser")
    for moving in soup.select(",".join(f"[name={name}]" for name in MOVING)):
        moving["value"] = ""
    for script in soup.select("script[nonce]"):
        script["nonce"] = ""
    return soup
