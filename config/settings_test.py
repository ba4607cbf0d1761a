"""Settings for tests: loopback only, quick password hashing, plain static files, nothing else differs."""

import os
import tempfile

# Never the folder of a copy somebody works with, whatever the environment says.
if "caunoi-test-" not in os.environ.get("CAUNOI_HOME", ""):
    os.environ["CAUNOI_HOME"] = tempfile.mkdtemp(prefix="caunoi-test-")
os.environ["CAUNOI_MODE"] = "demo"

from config.settings import *  # noqa: F403

DATABASES["default"]["CONN_HEALTH_CHECKS"] = False  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # noqa: F405
