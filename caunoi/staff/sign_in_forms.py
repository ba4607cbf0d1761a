"""The sign-in library's forms with our words, and with a limit on guessing that the database keeps."""

from datetime import timedelta
from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm as LibraryActivate
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext as _

from caunoi.kit import clock, limits
from caunoi.kit.templatetags.kit import vi_time

CODE_ONCE = limits.Limit("code-once", tries=1, per=timedelta(minutes=3))
"""A code of an app opens one door; ``who`` is account and code. It outlives the code itself."""


def _plain(field: Any, label: str, hint: str = "") -> None:
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)


def _wait(verdict: limits.Verdict) -> forms.ValidationError:
    return forms.ValidationError(
        _("Too many wrong tries. You can go on at %(time)s.") % {"time": vi_time(verdict.again_at)}
    )


class _Guesses:
    """Count wrong guesses for one account, whichever browser they come from; right ones are given back."""

    user: Any

    def counted(self, check: Any) -> Any:
        who, at = f"account:{self.user.pk}", clock.now()
        verdict = limits.take(limits.SECOND_FACTOR, who=who, at=at)
        if not verdict.allowed:
            raise _wait(verdict)
        result = check()
        limits.give_back(limits.SECOND_FACTOR, who=who, at=at)
        return result


class LoginForm(account.LoginForm):
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["login"], _("E-mail address"))
        _plain(self.fields["password"], _("Password"))
        if "remember" in self.fields:
            self.fields["remember"].label = _("Stay signed in on this device")


class ResetForm(account.ResetPasswordForm):
    """Where to send the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["email"], _("E-mail address"))

    def clean_email(self) -> str:
        who = limits.address(context.request)
        verdict = limits.take(limits.RESET_MAIL, who=who, at=clock.now())
        if not verdict.allowed:
            raise _wait(verdict)
        return super().clean_email()


def _two_passwords(form: Any) -> None:
    _plain(form.fields["password1"], _("New password"))
    _plain(form.fields["password2"], _("The same once more"))


class ChangeForm(_Guesses, account.ChangePasswordForm):
    """The old password and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["oldpassword"], _("Password until now"))
        _two_passwords(self)

    def clean_oldpassword(self) -> str:
        return self.counted(super().clean_oldpassword)


class SetForm(account.SetPasswordForm):
    """A first password for somebody who signs in through another system."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _two_passwords(self)


class ResetKeyForm(account.ResetPasswordKeyForm):
    """A new password after a link in a mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _two_passwords(self)


class ReauthenticateForm(_Guesses, account.ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["password"], _("Password"))

    def clean_password(self) -> str:
        return self.counted(super().clean_password)


class _Code(_Guesses):
    """Six digits of an app, or a recovery code."""

    authenticator: Authenticator
    fields: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"], _("Six digits or a recovery code"))
        self.fields["code"].widget.attrs["inputmode"] = "numeric"

    def clean_code(self) -> str:
        return self.counted(self._right_code)

    def _right_code(self) -> str:
        code = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP:
            who = f"{self.user.pk}:{code.strip()}"
            if not limits.take(CODE_ONCE, who=who, at=clock.now()).allowed:
                raise forms.ValidationError(
                    _("This code was used already. Wait for the next one in the app.")
                )
        return code


class AuthenticateForm(_Code, mfa.AuthenticateForm):
    """The second factor."""


class ReauthenticateCodeForm(_Code, mfa.ReauthenticateForm):
    """The second factor once more."""


class ActivateForm(LibraryActivate):
    """The first code of a new authenticator."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"], _("Six digits from the app"))
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    """A name for the device."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["name"], _("Name of the device"), _("Like: my phone, office computer"))
        if "passwordless" in self.fields:
            hint = _("The device then checks a fingerprint, a face or its own code.")
            _plain(
                self.fields["passwordless"], _("Sign in with it alone, without a password"), hint
            )


class EditPasskeyForm(webauthn.EditWebAuthnForm):
    """Another name for the device."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["name"], _("Name of the device"))
