"""What lies in an inbox, as a list: new ones first, and each row tells what readers have done, and never who."""

import re

from django.test import Client

from tests.voices.scene import Move, Scene, come_back, send
from withus.voices.models import Voice
from withus.voices.queries import envelopes


def rows(scene: Scene) -> list[str]:
    """The rows of the list that Lu sees, as plain words."""
    _, _, listed = scene.of(scene.lu).get(scene.place).content.decode().partition("What lies in it")
    found = re.findall("<li>(.*?)</li>", listed.partition("</ul>")[0], re.DOTALL)
    return [" ".join(re.sub("<[^>]+>", "", one).replace("&nbsp;", " ").split()) for one in found]


def opened(scene: Scene, voice: Voice) -> str:
    """Edi opens it: its place."""
    place = f"{scene.place}{voice.code}/"
    assert scene.of(scene.edi).post(f"{place}open").status_code == 303
    return place


def test_a_row_tells_that_it_is_new_opened_or_answered(scene: Scene, move: Move) -> None:
    receipts = [send(scene, Client(), text=f"What I say is number {number}.") for number in range(3)]
    first, second, third = Voice.objects.order_by("code")
    assert [("new" in row, "waits" in row) for row in rows(scene)] == [(True, False)] * 3
    assert all(one.code[:6] in row for one, row in zip((first, second, third), rows(scene), strict=True))
    assert not any(one.code in row for one in (first, second, third) for row in rows(scene)), "the whole is on its page"

    move(1)
    opened(scene, first)
    place = opened(scene, second)
    scene.of(scene.edi).post(f"{place}answer", {"text": "We ask the council about it."})
    assert second.code in scene.of(scene.edi).get(place).content.decode()
    new, waits, answered = rows(scene)
    assert (third.code[:6] in new, "new" in new) == (True, True)
    assert (first.code[:6] in waits, "waits for an answer" in waits, "by one of us" in waits) == (True, True, True)
    assert (second.code[:6] in answered, " answered " in answered, "by one of us" in answered) == (True, True, False)
    assert scene.edi.pseudonym not in "".join(rows(scene))
    listed = {one.voice.code: one for one in envelopes(scene.lu.actor, scene.peers)}
    assert listed[first.code].opened_on == listed[second.code].answered_on  # type: ignore[attr-defined]

    move(2)
    for receipt in receipts:
        client = Client()
        come_back(client, receipt)
        assert client.post("/voices/more", {"text": "There is more to say of it."}).status_code == 303
    assert all("new" in row for row in rows(scene)), "nobody has opened what came since"
