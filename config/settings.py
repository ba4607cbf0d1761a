"""All settings in one file. Every value that differs between installations comes from the environment.

CAUNOI_MODE   demo (default: sample data, simulator, loopback only) or production
CAUNOI_HOME   folder for everything written; default ./var
DATABASE_URL  outside PostgreSQL 15 or newer; empty = the embedded one
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONCE, NONE, SELF

from config import database, env

BASE_DIR = Path(__file__).resolve().parent.parent
CAUNOI_HOME = database.home()
CAUNOI_MODE = env.text("CAUNOI_MODE", "demo")
if CAUNOI_MODE not in {"demo", "production"}:
    raise env.SettingError(f"CAUNOI_MODE={CAUNOI_MODE!r}: write demo or production")
DEMO = CAUNOI_MODE == "demo"
PORT = env.number("PORT", 8000)
SIMULATOR_PORT = env.number("SIMULATOR_PORT", PORT + 700)
SIMULATOR_URL = f"http://127.0.0.1:{SIMULATOR_PORT}"

DEBUG = env.flag("CAUNOI_DEBUG", default=False)
SECRET_KEY = env.text("CAUNOI_SECRET_KEY") or "made-by-caunoi-up"
_secret_file = CAUNOI_HOME / "secret_key"
if not env.text("CAUNOI_SECRET_KEY") and _secret_file.is_file():
    SECRET_KEY = _secret_file.read_text(encoding="utf-8").strip()
CAUNOI_KEYRING = env.text("CAUNOI_KEYRING")
CAUNOI_KEYRING_FILE = CAUNOI_HOME / "keyring.json"
PUBLIC_URL = env.text("CAUNOI_PUBLIC_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
ALLOWED_HOSTS = env.words("CAUNOI_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CAUNOI_ORIGINS")
_https = PUBLIC_URL.startswith("https://")
METRICS_TOKEN = env.text("CAUNOI_METRICS_TOKEN")
# Where fonts cut from installed ones lie, and a font file where neither a package nor the system has one (kit.scripts).
MADE_FOLDER = Path(env.text("CAUNOI_MADE", str(CAUNOI_HOME / "made")))
SCRIPT_FONTS = {
    "Khmr": env.text("CAUNOI_FONT_KHMER"),
    "Tavt": env.text("CAUNOI_FONT_TAI_VIET"),
    "Cham": env.text("CAUNOI_FONT_CHAM"),
}
# Where Debian and Ubuntu, Fedora, Alpine and Arch put the Noto fonts.
SYSTEM_FONT_FOLDERS = [
    "/usr/share/fonts/truetype/noto",
    "/usr/share/fonts/google-noto",
    "/usr/share/fonts/noto",
]
SPEECH_ENGINE = env.text("CAUNOI_SPEECH_ENGINE", "caunoi.speech.espeak.Espeak")
# How many proxies stand in front and add to X-Forwarded-For; and how generous the limits on tries are (0 = none).
PROXIES = env.number("CAUNOI_PROXIES", 1 if _https else 0)
LIMITS_FACTOR = env.number("CAUNOI_LIMITS_FACTOR", 1)
# How many threads of a worker read what came in. Two fill two cores: while one waits for the database the other thinks.
INBOX_READERS = env.number("CAUNOI_READERS", 2)

# Outside services. In demo and tests any address that is not loopback is refused (kit.http).
LOOPBACK_ONLY = DEMO or env.flag("CAUNOI_LOOPBACK_ONLY", default=False)
# Whether units can be followed from Mastodon and its kin; off, nothing of it leaves the house (fediverse).
FEDIVERSE = env.flag("CAUNOI_FEDIVERSE", default=False)
_fb = SIMULATOR_URL if DEMO else "https://graph.facebook.com"
_zalo = SIMULATOR_URL if DEMO else "https://openapi.zalo.me"
_zalo_oauth = SIMULATOR_URL if DEMO else "https://oauth.zaloapp.com"
CONNECTOR_SETTINGS = {
    "facebook_page": {
        "graph_base": env.text("FB_GRAPH_BASE", _fb),
        "video_base": env.text(
            "FB_VIDEO_BASE", SIMULATOR_URL if DEMO else "https://graph-video.facebook.com"
        ),
        "version": env.text("FB_GRAPH_VERSION", "v26.0"),
    },
    "zalo_oa": {
        "api_base": env.text("ZALO_API_BASE", _zalo),
        "oauth_base": env.text("ZALO_OAUTH_BASE", _zalo_oauth),
    },
    "sms": {
        "driver": env.text("SMS_DRIVER", "smpp"),
        "host": env.text("SMS_SMPP_HOST", "127.0.0.1"),
        "port": env.text("SMS_SMPP_PORT", str(SIMULATOR_PORT + 75) if DEMO else "2775"),
        "tls": env.text("SMS_SMPP_TLS", ""),
        "gateway": env.text("SMS_GATEWAY", SIMULATOR_URL if DEMO else "https://rest.esms.vn"),
    },
    "youtube": {
        "api_base": env.text("YT_BASE", SIMULATOR_URL if DEMO else "https://www.googleapis.com"),
        "consent_base": env.text(
            "GOOGLE_CONSENT_BASE", SIMULATOR_URL if DEMO else "https://accounts.google.com"
        ),
        "token_base": env.text(
            "GOOGLE_TOKEN_BASE", SIMULATOR_URL if DEMO else "https://oauth2.googleapis.com"
        ),
    },
    "zalo_group": {"api_base": env.text("ZALO_API_BASE", _zalo)},
}

INSTALLED_APPS = [
    "caunoi.kit",
    "caunoi.units",
    "caunoi.staff",
    "caunoi.deadlines",
    "caunoi.duty",
    "caunoi.channels",
    "caunoi.webhooks",
    "caunoi.inbox",
    "caunoi.outbox",
    "caunoi.answers",
    "caunoi.routing",
    "caunoi.documents",
    "caunoi.files",
    "caunoi.speech",
    "caunoi.notices",
    "caunoi.cases",
    "caunoi.voters",
    "caunoi.handling",
    "caunoi.privacy",
    "caunoi.figures",
    "caunoi.subscriptions",
    "caunoi.fediverse",
    "caunoi.reform",
    "caunoi.receipts",
    "caunoi.custody",
    "caunoi.funds",
    "caunoi.campaigns",
    "caunoi.statements",
    "caunoi.goods",
    "caunoi.treasury",
    "caunoi.houses",
    "caunoi.works",
    "caunoi.journeys",
    "caunoi.api",
    "caunoi.open311",
    "caunoi.desk",
    "caunoi.portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "lucide",
    "template_partials",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "caunoi.kit.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "caunoi.staff.middleware.AccessMiddleware",
    "caunoi.kit.nul.NulMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "caunoi.kit.page.page",
                "caunoi.desk.doors.doors",
                "caunoi.desk.keys.keys",
                "caunoi.duty.banner.ringing",
            ],
        },
    }
]
FORM_RENDERER = "caunoi.kit.forms.KitRenderer"

DATABASES = {
    "default": {
        **dj_database_url.parse(database.url(), conn_max_age=600, conn_health_checks=True),
        "TEST": {"NAME": None},
    }
}
# One database: what several processes must agree on for minutes stands in it too.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kit_cache"}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "staff.Account"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "caunoi" / "connectors" / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = ["caunoi.kit.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = CAUNOI_HOME / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "caunoi.kit.scripts.MadeFiles",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# What the one service worker is put together from (kit.worker): a static file a room.
SERVICE_WORKER_PARTS = ["journeys/sw-ask.js", "subscriptions/sw-push.js"]
MEDIA_ROOT = CAUNOI_HOME / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = [
    "caunoi.kit.uploads.BoundedUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

SESSION_COOKIE_NAME = "caunoi_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = int(timedelta(days=7).total_seconds())
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SECURE_SSL_REDIRECT = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
_oidc = urlsplit(env.text("CAUNOI_OIDC_URL"))
_oidc_origin = [f"{_oidc.scheme}://{_oidc.netloc}"] if _oidc.netloc else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        # blob: a photo or a recording that is looked at before it is sent
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        # A form may lead on to the system that signs people in, when there is one.
        "form-action": [SELF, *_oidc_origin],
        "frame-ancestors": [NONE],
    }
}

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_TIMEOUT = 20
EMAIL_TIMEOUT = 10
EMAIL_FILE_PATH = CAUNOI_HOME / "mail"
# Whom a push service may ask when something is wrong with our messages (RFC 8292).
PUSH_CONTACT = env.text(
    "CAUNOI_PUSH_CONTACT", PUBLIC_URL if _https else "mailto:caunoi@localhost.invalid"
)
DEFAULT_FROM_EMAIL = env.text("CAUNOI_FROM_EMAIL", "caunoi@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("CAUNOI_LOG", "WARNING")},
}

from config.settings_accounts import *  # noqa: E402, F403
