"""Sentences of the sign-in library that people see; it brings no Vietnamese, so our catalogue holds them."""

from django.utils.translation import gettext_noop

SENTENCES = (
    gettext_noop("Backup key"),
    gettext_noop("Incorrect code."),
    gettext_noop("Incorrect password."),
    gettext_noop("Invalid login."),
    gettext_noop("Invalid or expired key."),
    gettext_noop("Invalid token."),
    gettext_noop("Key nr. {number}"),
    gettext_noop("Master key"),
    gettext_noop("Please select only one."),
    gettext_noop("Please type your current password."),
    gettext_noop("Recovery codes"),
    gettext_noop("TOTP Authenticator"),
    gettext_noop("The email address and/or password you specified are not correct."),
    gettext_noop("The new value must be different from the current one."),
    gettext_noop("The password reset token was invalid."),
    gettext_noop("The third-party account is already connected to a different account."),
    gettext_noop("This account is currently inactive."),
    gettext_noop("Too many failed login attempts. Try again later."),
    gettext_noop("Use a security key"),
    gettext_noop("Use authenticator app or code"),
    gettext_noop("Use your password"),
    gettext_noop("WebAuthn"),
    gettext_noop("You cannot deactivate two-factor authentication."),
    gettext_noop("You cannot disconnect your last remaining third-party account."),
    gettext_noop(
        "You cannot generate recovery codes without having two-factor authentication enabled."
    ),
    gettext_noop("You must type the same password each time."),
    gettext_noop("Your account has no password set up."),
)
