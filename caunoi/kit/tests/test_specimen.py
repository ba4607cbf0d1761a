"""The specimen page shows the whole design system, to newcomers in demo mode and to nobody else."""

from pathlib import Path

from django.test import Client

KIT = Path(__file__).resolve().parents[1] / "templates" / "kit"
FRAMES = {
    *("base", "page_public", "page_staff", "page_narrow", "htmx", "language", "viaduct", "icon"),
    *("form", "too_many", "specimen"),
}
"""Whole pages, and what every page shows by itself."""


def test_every_component_stands_on_the_specimen_page():
    page = (KIT / "specimen.html").read_text(encoding="utf-8")
    components = {file.stem for file in KIT.glob("*.html")} - FRAMES

    assert {name for name in components if f'"kit/{name}.html"' not in page} == set()


def test_the_page_is_closed_outside_demo_mode(db, settings):
    assert Client().get("/bang-mau/").status_code == 200

    settings.DEMO = False

    assert Client().get("/bang-mau/").status_code == 404
