"""Locks of this data folder; they live in `core`, because the log's publisher below needs one too."""

from withus.core.locks import Taken as Taken
from withus.core.locks import held as held
