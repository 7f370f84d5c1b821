"""The one Django app."""

from django.apps import AppConfig
from django.core import checks


class WithusConfig(AppConfig):
    """Withus: all capabilities in one app, one line of migrations."""

    name = "withus"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers what `check --database default` looks at."""
        from withus.public_log import triggers  # noqa: PLC0415  models must be loaded first

        checks.register(triggers.check, checks.Tags.database)
