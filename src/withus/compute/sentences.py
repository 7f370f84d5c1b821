"""Somebody's words made short: on one line, or their first sentence."""

import re

_END = re.compile(r"(?<=[.!?؟।])[\"”’»)]*(?:\s*\([^()\n]{1,30}\))?(?=\s|$)|(?<=[。！？])[」』]*|\n\s*\n")
LEAST = 8  # signs: what ends sooner is a number, a greeting or an abbreviation


def one_line(text: str, most: int = 120) -> str:
    """The words on one line, without marks that no feed or calendar can hold, cut where they are long."""
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else " " for sign in text)
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def first_sentence(text: str, most: int = 100) -> str:
    """The first sentence, on one line; a long one is cut between two words where it can be."""
    text = text.strip()
    ends = (found.end() for found in _END.finditer(text))
    line = one_line(text[: next((end for end in ends if end >= LEAST), len(text))], len(text) + 1)
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    before, _, _ = cut.rpartition(" ")
    return f"{(before if len(before) > most // 2 else cut).rstrip(' ,;:')}…"
