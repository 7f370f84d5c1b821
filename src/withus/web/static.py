"""Static files: hashed names that may be kept for ever, compressed beforehand, served by this very server."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names, inside ES modules too; plain names as long as nothing has been collected (in tests)."""

    support_js_module_import_aggregation = True
    keep_only_hashed_files = True

    def stored_name(self, name: str) -> str:
        """The hashed name if there is one."""
        return str(super().stored_name(name)) if self.hashed_files else name


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise over the collected folder, or over the sources as long as nothing has been collected."""

    def __init__(self, get_response: Callable[..., Any]) -> None:
        super().__init__(get_response)
        if not getattr(staticfiles_storage, "hashed_files", {}):
            self.use_finders = True
            self.add_files_from_finders()

    def add_files(self, root: str, prefix: str | None = None) -> None:
        """Serves a folder, if it is there."""
        if Path(root).is_dir():
            super().add_files(root, prefix)
