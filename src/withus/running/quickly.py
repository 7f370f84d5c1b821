"""Loads what analysis needs, without what only slows its start."""

import gc
import os
import sys
from importlib import import_module
from types import ModuleType


def loaded(name: str) -> ModuleType:
    """The module. So much comes with it, and none of it is garbage: nobody looks for some, now or at the end."""
    if name in sys.modules:
        return sys.modules[name]
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy would wake threads that no map has work for
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.freeze()
        gc.enable()
