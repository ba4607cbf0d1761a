"""The sample accounts on the sign-in page, in demo mode."""

from django import template

from caunoi.staff import demo

register = template.Library()


@register.simple_tag
def demo_accounts() -> list[dict[str, str]]:
    return demo.demo_accounts()


@register.simple_tag
def demo_password() -> str:
    return demo.PASSWORD
