"""A minute of speech, from the upload's bytes to the sealed ones, beside the same work without bounds."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator

from bench.house import ROOT
from bench.results import Row

MEASURE = """
import json, os, resource, sys, time
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "withus.settings"
django.setup()
from tests.voices import files
from withus.core import sealing
from withus.voices import sealed
from withus.voices.enclosing import making, worker
sound, pair = files.speech(60), sealing.pair()
worker.close_all_doors = lambda: None
def bare():
    worker.speech(sound)
def whole():
    sealed.enclosure(pair.public, "CODE", 1, making.speech(sound).content)
bare()
taken = {"whole": [], "bare": []}
for _ in range(int(sys.argv[1])):
    for name, do in (("whole", whole), ("bare", bare)):
        begun = time.perf_counter()
        do()
        taken[name].append(1000 * (time.perf_counter() - begun))
most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(json.dumps(taken | {"most": most}))
"""


def speech_figures(rounds: int) -> Iterator[Row]:
    """Milliseconds, and the worker's memory."""
    command = [sys.executable, "-c", MEASURE, str(rounds)]
    told = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    bare = statistics.median(told["bare"])
    yield Row.of("a minute of speech from upload to sealed", told["whole"], "ms", "made anew only, same process", bare)
    yield Row.of("a minute of speech: memory of its worker", [told["most"]], "MB")
