"""A conversation in parts by people, each where some hands can reach it: read, summed and joined to the same bits.

Here is what has to be done; whoever has the hands (`running/cluster.py`) says where.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from itertools import batched, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any, Protocol
