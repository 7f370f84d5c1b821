"""Sheets, slips and what is typed in from them, through the pages."""

import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.voices.scene import WORDS, Scene, slip
from withus.core import codes
from withus.voices.assisted import actions


def place(scene: Scene, word: str = "new") -> str:
    """Where slips of these peers are typed in, or printed."""
    return f"/voices/assisted/{scene.peers.code}/{word}"


def printed(scene: Scene, worker: Client, size: int = 1) -> list[actions.Printed]:
    """Slips, read from the page that shows them."""
    sent = {"size": size, "slip": slip(worker.get(place(scene, "print")))}
    return on_sheet(worker.post(place(scene, "print"), sent))


def on_sheet(page: HttpResponse) -> list[actions.Printed]:
    """The slips on a sheet: the receipt of the one half, the entry code of the other."""
    text = page.content.decode()
    halves = re.findall(
        r'<p class="secret-groups".*?>(.*?)</p>.*?<code dir="ltr" translate="no">([0-9A-Z-]+)<', text, re.DOTALL
    )
    return [
        actions.Printed("".join(re.findall(r"<span>(.*?)</span>", one)), code.replace("-", "")) for one, code in halves
    ]


def typed(scene: Scene, worker: Client, number: str, **more: Any) -> dict[str, Any]:
    """A form for a slip, as it was given out, with answers."""
    said = {"text": WORDS, "kind": "need", "topic": "Needles", "area": "Harbor", "audience": [scene.peers.code]}
    said |= {"excluded": "", "consent": "spoken", "number": number}
    return said | {"slip": slip(worker.get(place(scene)))} | more


def enter(scene: Scene, worker: Client, number: str, **more: Any) -> str:
    """Types a slip in, and returns the page that answers."""
    answer = worker.post(place(scene), typed(scene, worker, number, **more))
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def wrong(number: str, at: int) -> str:
    """The code with one other symbol."""
    other = codes.SYMBOLS[(codes.SYMBOLS.index(number[at]) + 1) % 32]
    return number[:at] + other + number[at + 1 :]
