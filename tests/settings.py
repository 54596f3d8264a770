"""The site's settings for tests that run Django in their own process, with a data folder that is thrown away.

Real sites that tests start as processes read their own environment and know nothing of this.
"""

import atexit
import os
import shutil
import tempfile
from unittest.mock import patch

folder = tempfile.mkdtemp(prefix="porchlight-tests-")
atexit.register(shutil.rmtree, folder, ignore_errors=True)

site = {
    "PORCHLIGHT_DATA": folder,
    "PORCHLIGHT_HOST": "localhost",
    "PORCHLIGHT_PORT": "8001",
    "PORCHLIGHT_SCHEME": "http",
    "FETCH_ALLOW": "",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", ""),
    "REDIS_URL": "",
    "EMAIL_URL": "smtp://localhost:9/?from=porch@localhost.example",
}
with patch.dict(os.environ, site):
    from social.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
