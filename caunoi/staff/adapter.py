"""How the sign-in library behaves in our house."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from caunoi.staff.models import Account


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: accounts come by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SocialAdapter(DefaultSocialAccountAdapter):
    """Another system may vouch for somebody who has an account; it cannot make one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


def display(account: Account) -> str:
    """Return how a person is called on screen."""
    return account.full_name
