"""Which database the tests use, and a key folder of their own."""

import os
import tempfile

_home = tempfile.mkdtemp(prefix="withus-tests-")
os.environ["WITHUS_KEYS"] = os.path.join(_home, "keys")
os.environ["WITHUS_DATA"] = os.path.join(_home, "data")
os.environ.pop("WITHUS_TODAY", None)
os.environ["WITHUS_DATABASE"] = os.environ.get("WITHUS_TEST_DATABASE", "")
os.environ["WITHUS_HOSTS"] = "testserver,localhost,127.0.0.1"
