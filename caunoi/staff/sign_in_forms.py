"""The sign-in library's forms with our words."""

from typing import Any

from allauth.account.forms import LoginForm as LibraryLogin
from allauth.mfa.base.forms import AuthenticateForm as LibraryAuthenticate
from allauth.mfa.totp.forms import ActivateTOTPForm as LibraryActivate
from django.utils.translation import gettext as _


def _plain(field: Any, label: str) -> None:
    field.label, field.help_text = label, ""
    field.widget.attrs.pop("placeholder", None)


class LoginForm(LibraryLogin):
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["login"], _("E-mail address"))
        _plain(self.fields["password"], _("Password"))
        if "remember" in self.fields:
            self.fields["remember"].label = _("Stay signed in on this device")


class AuthenticateForm(LibraryAuthenticate):
    """The second factor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"], _("Six digits or a recovery code"))


class ActivateForm(LibraryActivate):
    """The first code of a new authenticator."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"], _("Six digits from the app"))
