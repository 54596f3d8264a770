"""Django's settings: one set for every site; what differs comes from `environment`."""

from __future__ import annotations

import sys
from pathlib import Path

from social.config.databases import database
from social.config.environment import read_environment
from social.config.folder import make_folder, secret

ROOT = Path(__file__).resolve().parents[2]
PORCHLIGHT = read_environment(ROOT)
make_folder(PORCHLIGHT.data)

COMMAND = sys.argv[1] if len(sys.argv) > 1 else ""
GENERATING = COMMAND == "spectacular"
"""True while the OpenAPI document is made: only then is drf-spectacular loaded."""

SECRET_KEY = secret(PORCHLIGHT.data, "django-secret")
DEBUG = False
ALLOWED_HOSTS = [f"[{PORCHLIGHT.host}]" if ":" in PORCHLIGHT.host else PORCHLIGHT.host]

INSTALLED_APPS = [
    *(["daphne"] if COMMAND == "runserver" else []),
    "django.contrib.contenttypes",
    "django.contrib.auth",
    *(["rest_framework", "drf_spectacular"] if GENERATING else []),
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "signaling",
    "federation",
    "social.accounts",
    "social.media",
    "social.people",
    "social.safety",
    "social.posts",
    "social.public",
    "social.api",
    "social.ops",
]

MIDDLEWARE = [
    "social.config.middleware.PrivateAnswers",
    "social.config.middleware.Languages",
    "social.config.middleware.ReadableBodies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "social.config.middleware.SeenSessions",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "social.config.urls"
ASGI_APPLICATION = "social.config.asgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "social" / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

DATABASES = {"default": database(PORCHLIGHT.database_url, PORCHLIGHT.data)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": PORCHLIGHT.redis_url,
    }
    if PORCHLIGHT.redis_url
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10_000}}
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [PORCHLIGHT.redis_url]},
    }
    if PORCHLIGHT.redis_url
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}
SIGNALING_POLICY = "social.accounts.policy.policy"
SIGNALING_LIMITS = PORCHLIGHT.relay_limits
MEDIA_ROOT = PORCHLIGHT.data / "media"
FRONTEND_DIST = ROOT / "frontend" / "dist"

# --- who is who ------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["social.accounts.hashing.Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "social.accounts.passwords.LongEnough"},
    {"NAME": "social.accounts.passwords.NotTheName"},
    {"NAME": "social.accounts.passwords.NotCommon"},
]
ACCOUNT_ADAPTER = "social.accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "social.accounts.forms.SignUp"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_USERNAME_MIN_LENGTH = 1
ACCOUNT_USERNAME_VALIDATORS = "social.accounts.names.VALIDATORS"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"signup": "10/m/ip", "login": None, "login_failed": None, "reauthenticate": None}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
HEADLESS_FRONTEND_URLS: dict[str, str] = {}
LOGIN_URL = "/app/login"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

SESSION_ENGINE = "social.accounts.sessionstore"
SESSION_COOKIE_NAME = "__Host-porchlight"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
CSRF_COOKIE_NAME = "__Host-porchlight-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "social.config.failures.csrf"

# --- requests --------------------------------------------------------------------------------

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["social.api.parsers.StrictJson"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["social.api.sessions.SessionLogin"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "EXCEPTION_HANDLER": "social.api.errors.answer",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    **({"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"} if GENERATING else {}),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Porchlight",
    "DESCRIPTION": "What the app in the browser asks of its own site.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "ENUM_NAME_OVERRIDES": {"FollowedKind": "social.api.posts_shapes.FOLLOWED_KINDS"},
}

USE_I18N = True
USE_TZ = True
TIME_ZONE = PORCHLIGHT.time_zone
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("ar", "العربية")]
THEME = PORCHLIGHT.theme
THEME_FOLDERS = [PORCHLIGHT.data / "themes", ROOT / "themes"]
LOCALE_PATHS = [ROOT / "social" / "locale"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "social.ops.logs.Lines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "uvicorn.access": {
            "handlers": ["stderr"],
            "level": "INFO" if PORCHLIGHT.access_log else "CRITICAL",
            "propagate": False,
        },
    },
}
