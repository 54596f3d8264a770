"""Django settings of a site that is nothing but a relay, for its tests: `RELAY_DATA` is its folder."""

import json
import os
from pathlib import Path

from social.config.databases import database

DATA = Path(os.environ["RELAY_DATA"])
SECRET_KEY = "only for tests"
INSTALLED_APPS = ["signaling"]
DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
SIGNALING_POLICY = "tests.server.signaling.policy.policy"
SIGNALING_LIMITS = json.loads(os.environ.get("RELAY_LIMITS", "{}"))


class PORCHLIGHT:
    redis_url = os.environ.get("REDIS_URL", "")
