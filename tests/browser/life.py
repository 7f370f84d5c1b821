"""Who comes to the demo, and a little life in it, so that every kind of page has something to show."""

import io
import re
import time
import wave

from tests.browser.house import PATIENCE, House
from tests.browser.visiting import Visitor

# Called a week ago, as its notice wants, so that its minutes can be written today.
MEETING = """
import datetime, os
os.environ["DJANGO_SETTINGS_MODULE"] = "withus.settings"
import django; django.setup()
from withus.core import clock
from withus.policy.facts import SYSTEM
from withus.processes.board import actions
from withus.processes.models import Body
day, body = clock.today(), Body.objects.get(organisation__code="DEMO")
with clock.at(day - datetime.timedelta(days=7)):
    actions.call(SYSTEM, body, day=day, place="The hall", planned_minutes=60, language="en")
"""

# Two camps, far enough apart for a map with groups: people of the real conversations lie in one cloud each.
CAMPS = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "withus.settings"
import django; django.setup()
from tests.deliberation import scene
from withus.people.models import Organisation
from withus.policy.facts import SYSTEM, Role
from withus.processes.actions import open_process
scene.LU = scene.somebody(3, Role.ORG_STEWARD, "LANTERN")
given = {"title": "Day or night?", "about": "When is the room open?", "language": "en", "is_invented": True}
talk = open_process(SYSTEM, Organisation.objects.get(code="LANTERN"), **given, code="CAMPS")
scene.phase(talk)
scene.camps(talk, 110, 80)
"""


def visitors_of(house: House) -> dict[str, Visitor]:
    """One visitor for each role, signed in where the role has an account."""
    found = {"visitor": Visitor(house.address)}
    for one in house.accounts():
        found[one["role"]] = Visitor(house.address).sign_in(one["pseudonym"], one["passphrase"])
    _live(found["peer"], found["peer_editor"], found["org_steward"])
    _ask(found["body_secretary"], found["instance_steward"])
    house.run("run", "python", "-c", MEETING)
    house.run("run", "python", "-c", CAMPS)
    _until_drawn(found["visitor"])
    return found


def _until_drawn(visitor: Visitor) -> None:
    """Waits until the background has drawn the maps and sealed that of the ended phase, the last of its work."""
    until = time.monotonic() + PATIENCE
    while not any("/map.json" in link for link in visitor.get("/maps/BIODIVERSITY/").page().links):
        assert time.monotonic() < until, "no map was drawn"
        time.sleep(0.5)
    while "stable groups" not in visitor.get("/maps/CAMPS/").page().texts["all"]:
        assert time.monotonic() < until, "no map was drawn"
        time.sleep(0.5)


def _live(peer: Visitor, editor: Visitor, steward: Visitor) -> None:
    """A vote; a statement that is declined; a text read aloud in Arabic, beside its translation; cards to hand out."""
    talk = "/processes/NIGHTS/"
    peer.fill_in(f"{talk}vote", value="1")
    peer.fill_in(f"{talk}propose", text="Tea.", language="en")
    waiting = [link for link in editor.get(f"{talk}moderation").page().links if link.endswith("/moderate")]
    editor.fill_in(waiting[-1], decision="declined", reason="unclear", words="Which tea, and when?")
    editor.fill_in("/texts/process/NIGHTS/title/translate", language="ar", text="ماذا يقدّم المركز ليلًا؟ (مختلَق)")
    editor.fill_in("/texts/process/NIGHTS/about/record", language="ar", sound=_silence())
    steward.fill_in("/organisations/LANTERN/invite", role="peer", size="4")


def _ask(secretary: Visitor, host: Visitor) -> None:
    """A body asks for peers beside a process of its own; the host asks whether anybody is there."""
    about = {"title": "Rules", "about": "Of the board.", "language": "en", "body": "DEMO"}
    secretary.fill_in("/organisations/DEMO/processes/new", **about)
    page = secretary.get("/bodies/DEMO/").page()
    process = next(link for link in page.links if re.fullmatch(r"/processes/[0-9A-Z]{13}/", link))
    secretary.fill_in(f"{process}ask", beside="LANTERN")
    host.post("/organisations/LANTERN/miss")
    found = (link for seq in range(200) for link in host.get(f"/log/entries/{seq}").page().links)
    asked = next(link for link in found if link.endswith("/redact"))
    host.fill_in(asked, organisation="house", reason="danger", words="Somebody could be found there.", language="en")


def _silence() -> bytes:
    """A tenth of a second of nothing, as a sound file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(bytes([128]) * 800)
    return file.getvalue()
