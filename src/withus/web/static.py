"""Static files: hashed names that may be kept for ever, bare and compressed beforehand, served by this very server."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

# What only those read who write it, and what browsers skip. Of scripts whole lines alone: `//` may stand in a text.
_SKIPPED = {
    ".css": ((r"(?s)/\*.*?\*/", ""), (r"\s*([{};,])\s*", r"\1")),
    ".js": ((r"(?m)^\s*//.*\n", ""), (r"(?m)^\s+", "")),
}


def bare(name: str, text: str) -> str:
    """A style sheet or script without comments and white space: a sixth less on the wire."""
    for pattern, instead in _SKIPPED.get(Path(name).suffix, ()):
        text = re.sub(pattern, instead, text)
    return text


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names, inside ES modules too; plain names as long as nothing has been collected (in tests)."""

    support_js_module_import_aggregation = True
    keep_only_hashed_files = True

    def stored_name(self, name: str) -> str:
        """The hashed name if there is one."""
        return str(super().stored_name(name)) if self.hashed_files else name

    def file_hash(self, name: str | None, content: Any = None) -> str | None:
        """Of what is served, so that no cache keeps other bytes under the same name."""
        return str(super().file_hash(name, _bare(name, content))) if content else None

    def _save(self, name: str, content: Any) -> str:
        return str(super()._save(name, _bare(name, content)))


def _bare(name: str | None, content: Any) -> Any:
    if not name or Path(name).suffix not in _SKIPPED:
        return content
    return ContentFile(bare(name, b"".join(content.chunks()).decode()).encode())


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
