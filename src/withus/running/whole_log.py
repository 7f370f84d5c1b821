"""The check of this instance's own log, with every capability there to say which records stand in its rows."""

from importlib import import_module

from withus.compute.verifier import Kept, Result
from withus.public_log import verify


def check(kept: Kept | None = None) -> Result:
    """As `verify.own_log`, after all capabilities are loaded, as they are for serving."""
    import_module("withus.urls")
    return verify.own_log(kept)
