"""Signing in: allauth, second factor, lock-out, OIDC. No sign-up: accounts come by invitation."""

from datetime import timedelta

from config import env

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "caunoi.staff.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "caunoi.staff.adapter.SocialAdapter"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_USER_DISPLAY = "caunoi.staff.adapter.display"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/hom-nay/"
LOGOUT_REDIRECT_URL = "/"
MFA_ADAPTER = "caunoi.staff.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Cầu Nối"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = env.flag("CAUNOI_INSECURE_PASSKEYS", default=False)
USERSESSIONS_TRACK_ACTIVITY = False

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "caunoi.staff.adapter.username"
AXES_LOCKOUT_TEMPLATE = "staff/locked_out.html"
AXES_CLIENT_IP_CALLABLE = "caunoi.kit.limits.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# Failed sign-ins are counted by axes, wrong codes and reset mails by kit.limits: both in the database.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Cầu Nối] "

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "caunoi.staff.passwords.LongEnough"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "full_name", "phone")},
    },
    {"NAME": "caunoi.staff.passwords.NoPlaceWords"},
]

_oidc_url = env.text("CAUNOI_OIDC_URL")
SOCIALACCOUNT_PROVIDERS = {}
if _oidc_url:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": env.text("CAUNOI_OIDC_NAME", "OIDC"),
                "client_id": env.text("CAUNOI_OIDC_CLIENT_ID"),
                "secret": env.text("CAUNOI_OIDC_CLIENT_SECRET"),
                "settings": {"server_url": _oidc_url},
            }
        ]
    }
# Somebody who signs in through OIDC must already have an account with that verified address.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
_forms = "caunoi.staff.sign_in_forms."
ACCOUNT_FORMS = {
    "login": _forms + "LoginForm",
    "reset_password": _forms + "ResetForm",
    "reset_password_from_key": _forms + "ResetKeyForm",
    "change_password": _forms + "ChangeForm",
    "set_password": _forms + "SetForm",
    "reauthenticate": _forms + "ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": _forms + "AuthenticateForm",
    "reauthenticate": _forms + "ReauthenticateCodeForm",
    "activate_totp": _forms + "ActivateForm",
    "add_webauthn": _forms + "AddPasskeyForm",
    "edit_webauthn": _forms + "EditPasskeyForm",
}
ACCOUNT_SESSION_REMEMBER = None
