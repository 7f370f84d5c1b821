"""Composition: Django's settings, from `core.configuration`. Starts safely without any."""

from pathlib import Path
from urllib.parse import unquote

from withus.core import configuration
from withus.core.sqlite import settings as sqlite_settings

PACKAGE = Path(__file__).parent
WITHUS_DATA = configuration.folder("WITHUS_DATA")
WITHUS_KEYS = configuration.folder("WITHUS_KEYS")
WITHUS_TODAY = configuration.day("WITHUS_TODAY")
# Whoever serves has refused these two where they cannot be used (`running.surroundings`); all else goes on without.
WITHUS_BEHIND_PROXY = not configuration.wrong(["WITHUS_BEHIND_PROXY"]) and configuration.flag("WITHUS_BEHIND_PROXY")
WITHUS_ONION = "" if configuration.wrong(["WITHUS_ONION"]) else configuration.onion("WITHUS_ONION")
# Each of these needs one Argon2id: the server lets them wait in a lane of their own, so that pages stay fast.
WITHUS_HASH_PATHS = (
    "/sign-in",
    "/join",
    "/recover",
    "/setup/",
    "/me/",
    "/demo/",
    "/voices/return",
    "/voices/assisted/*/print",
)
# Where files are sent: bodies may be larger and take longer than elsewhere.
WITHUS_UPLOAD_PATHS = ("/processes/*/import", "/texts/*/*/*/record")
# Where files are sent that nobody may find on the disk: their bodies stay in memory, and wait in a lane of their own.
WITHUS_SEALED_PATHS = ("/voices/new", "/voices/more")


def database(address: str) -> dict[str, object]:
    """Django's entry for a database address; raises WrongSetting."""
    if not address:
        return sqlite_settings(WITHUS_DATA / "withus.sqlite3")
    parts = configuration.address(address)
    if parts.scheme == "sqlite":
        return sqlite_settings(Path(unquote(parts.path)))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Statements that come again are planned once: a vote costs PostgreSQL and us a third less.
        "OPTIONS": {"options": "-c synchronous_commit=on", "server_side_binding": True, "prepare_threshold": 2},
    }


configuration.database("WITHUS_DATABASE")  # names the setting where it cannot be used
DATABASES = {"default": database(configuration.text("WITHUS_DATABASE"))}
DEBUG = False
ALLOWED_HOSTS = configuration.words("WITHUS_HOSTS")
INSTALLED_APPS = ["django.contrib.staticfiles", "withus"]
ROOT_URLCONF = "withus.urls"
WSGI_APPLICATION = "withus.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIDDLEWARE = [
    "withus.web.middleware.headers",
    "withus.web.static.StaticFiles",
    "withus.web.kept.kept_pages",
    "withus.web.middleware.conditional",
    "withus.people.middleware.who_acts",
    "withus.web.done.saying_done",
    "withus.texts.middleware.own_words",
    "withus.web.middleware.language",
    "withus.web.middleware.same_origin",
    "withus.web.middleware.Refusals",
    "withus.people.middleware.TypedIsKept",
    "withus.web.pages.DefaultDeny",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "withus.home.context.host",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "withus.web.templatetags.components",
                "withus.web.templatetags.deeds",
                "withus.web.templatetags.parts",
            ],
        },
    }
]
STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
STATIC_ROOT = PACKAGE / "static_built"
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "withus.web.static.Storage"},
}
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ar", "العربية")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = configuration.time_zone("WITHUS_TIME_ZONE")
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# Uploads stay in memory. Django takes no file at all of a request larger than this; ours cut it there (running.bodies).
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
SILENCED_SYSTEM_CHECKS: list[str] = []
# Errors are said without the request: no address, no form, no pseudonym ever reaches a log.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.request": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "django.template": {"handlers": [], "level": "CRITICAL", "propagate": False},  # says what it looked up
        "django.security": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "withus": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
