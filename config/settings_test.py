"""Settings for tests: loopback only, quick password hashing, plain static files, nothing else differs."""

import os
import tempfile

os.environ.setdefault("CAUNOI_HOME", tempfile.mkdtemp(prefix="caunoi-test-"))
os.environ["CAUNOI_MODE"] = "demo"

from config.settings import *  # noqa: F403

DATABASES["default"]["CONN_HEALTH_CHECKS"] = False  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # noqa: F405
