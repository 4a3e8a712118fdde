"""The portal's settings for tests: an embedded server of their own, mail in memory, cheap passwords."""

import os
from pathlib import Path

for _name in ("DATABASE_URL", "DATABASE_OWNER_URL", "CONCORD_POOL", "CONCORD_HTTPS", "CONCORD_HASHED_STATIC"):
    if not os.environ.get("CONCORD_TEST_CHILD"):
        os.environ.pop(_name, None)
os.environ["CONCORD_DATA"] = os.environ.get("CONCORD_TEST_DATA") or str(Path(__file__).parent.parent / ".data" / "test")

from portal.settings import *  # noqa: E402, F403  the environment had to be ready first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
WHITENOISE_AUTOREFRESH = True  # no scan of every static file for each test client
