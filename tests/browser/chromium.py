"""A real browser: the one that is named, playwright's own, one of this machine, or one that is installed now."""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import Browser, Error, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SPEAKS = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")  # a tone in place of a microphone

NOWHERE = "--host-resolver-rules=MAP www.wikipedia.org ~NOTFOUND"  # where "Leave quickly" leads: no test asks others


class NoBrowser(Exception):
    """No browser could be started; the text says what to do."""


def launch(playwright: Playwright) -> Browser:
    """Starts Chromium; raises NoBrowser, never leaves a test out."""
    named = os.environ.get("WITHUS_CHROMIUM")
    if named:
        browser = _start(playwright, named)
        if browser is None:
            raise NoBrowser(f"WITHUS_CHROMIUM={named} does not start; name a Chromium that does")
        return browser
    for get in (None, _download, _install):
        if get is not None:
            get()
        for path in (None, *filter(None, map(shutil.which, NAMES))):
            browser = _start(playwright, path)
            if browser is not None:
                return browser
    raise NoBrowser("no browser starts here; install Chromium, or name one with WITHUS_CHROMIUM=/path/to/chromium")


def _start(playwright: Playwright, path: str | None) -> Browser | None:
    """A browser from this path (None: playwright's own), or None if it does not start."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0  # Chromium's sandbox refuses to work for root
    try:
        return playwright.chromium.launch(
            executable_path=path, args=[*SPEAKS, NOWHERE, *(["--no-sandbox"] if as_root else [])]
        )
    except Error:
        return None


def _download() -> None:
    subprocess.run(
        [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"], check=False, timeout=600
    )


def _install() -> None:
    if shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False, timeout=300)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, timeout=900)
