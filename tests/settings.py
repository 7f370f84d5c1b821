"""The product's settings with a home of their own; pytest reads this before any conftest, so it comes in time."""

import os
import tempfile

_home = tempfile.mkdtemp(prefix="withus-tests-")
os.environ["WITHUS_KEYS"] = os.path.join(_home, "keys")
os.environ["WITHUS_DATA"] = os.path.join(_home, "data")
os.mkdir(os.environ["WITHUS_DATA"])
os.environ.pop("WITHUS_TODAY", None)
os.environ["WITHUS_DATABASE"] = os.environ.get("WITHUS_TEST_DATABASE", "")
os.environ["WITHUS_HOSTS"] = "testserver,localhost,127.0.0.1"

from withus.settings import *  # noqa: E402, F403
from withus.settings import DATABASES  # noqa: E402

if DATABASES["default"]["ENGINE"] == "withus.core.sqlite":
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # said aloud, because xdist's plugin knows only Django's engine
