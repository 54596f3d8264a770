"""Only federation, for its own processes in these tests; where it is comes from the environment."""

from pathlib import Path

from social.config.databases import database
from social.config.environment import read_environment
from social.config.folder import make_folder

PORCHLIGHT = read_environment(Path(__file__).resolve().parents[3])
make_folder(PORCHLIGHT.data)

SECRET_KEY = "federation-tests"
DEBUG = False
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["federation"]
ROOT_URLCONF = "federation.urls"
DATABASES = {"default": database(PORCHLIGHT.database_url, PORCHLIGHT.data)}
USE_TZ = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
