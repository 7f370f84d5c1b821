"""Story 2: a woman at a night shelter speaks into the shared tablet, and comes back with eight words on paper.

By hand, with JavaScript and without: she is told what became of it, and says whether it is true.
"""

import datetime
import re
from pathlib import Path

from playwright.sync_api import Browser, expect
from tests.browser.house import House
from tests.browser.person import Person
from tests.browser.town import Town, on
from tests.voices.files import speech

DAY = datetime.date(2026, 3, 2)  # a Monday
ANSWERED, DONE = DAY + datetime.timedelta(days=14), DAY + datetime.timedelta(days=62)
HEARD = "The needles are too short, and we hurt ourselves."
FOUND = "The supply point has one length of needle only, and people are injured by it."
CHANGE = "Order longer needles for every supply point."
REASON = "Longer needles are ordered for both supply points of the town."
TOLD = "The board said yes. Longer needles come from May on, at both supply points."
FILE = "AUD-20260302-WA0007.webm"


class Shelter(Town):
    """Story 2, in one house."""

    receipt = ""

    @property
    def found(self) -> str:
        """What the editor says in public; in each house's two towns in words of their own."""
        return f"{FOUND} ({'seen' if self.scripts else 'heard'} by us)"

    def she_speaks_on_the_shared_tablet(self, house: House) -> None:
        """She records her words, or chooses a recording; she gets eight words on paper, and the tablet forgets her."""
        tablet = self.arrives(house).goes_to("/").follows("Say what is wrong or missing")
        self._speaks(tablet)
        tablet.answers(kind="problem", topic="supply", area="Harbor")
        tablet.page.locator("[name=audience][value=publish-LANTERN]").check()
        tablet.page.locator("[name=may_be_told]").check()
        tablet.page.wait_for_timeout(3_000)  # a person is not quicker
        tablet.presses("Send it").sees("It was sent. Write your receipt down")
        _, self.receipt = tablet.secrets()
        assert len(self.receipt.split()) == 8
        tablet.presses("I have written it down").answers(receipt=self.receipt.upper()).presses("That is it")
        tablet.sees("sent, not read yet").presses("Close this, for whoever comes next")
        tablet.goes_to("/voices/return").sees("Do you have a receipt?")
        expect(tablet.page.locator("body")).not_to_contain_text("sent, not read yet")

    def _speaks(self, tablet: Person) -> None:
        page = tablet.page
        if not self.scripts:
            sent = {"name": FILE, "mimeType": "audio/webm", "buffer": speech(4)}
            page.locator("[name=audio]").set_input_files(files=[sent])
            return
        page.context.grant_permissions(["microphone"])
        page.get_by_role("button", name="Record now").click()
        page.wait_for_timeout(4_000)
        page.get_by_role("button", name="Stop recording").click()
        expect(page.get_by_role("status")).to_contain_text("It is recorded, and not sent yet")

    def a_peer_editor_listens_and_writes_it_down(self, house: House) -> None:
        """She opens it, hears it, and writes it down without names."""
        editor = self.known(house, "peer_editor").follows("Desk").follows("Read what was sent, and answer")
        rows = editor.page.locator("main").get_by_role("listitem")
        waiting = rows.filter(has_text=re.compile("new|waits for an answer")).get_by_role("link")
        for place in [one.get_attribute("href") or "" for one in waiting.all()]:
            editor.goes_to(place)
            if editor.page.get_by_role("button", name="Open it").count():
                editor.presses("Open it")
            if self._is_spoken(editor):
                break
        editor.sees("Said: something is wrong").sees("supply").follows("Write down what was said")
        editor.answers(text=HEARD).presses("Put it there").sees(HEARD)
        self.path("voice", editor)

    def _is_spoken(self, editor: Person) -> bool:
        page = editor.page
        return page.locator("main audio").count() > 0 and page.get_by_text("Heard and written down:").count() == 0

    def a_finding_becomes_a_recommendation(self, house: House) -> None:
        """The editor says in public what it shows; her organisation asks the board to change it."""
        editor = self.known(house, "peer_editor").goes_to(self.places["voice"])
        editor.follows("Make a finding of it and others")
        editor.answers(kind="problem", text=self.found, topic="supply", area="Harbor")
        editor.presses("Publish the finding").sees("From fewer than 10 voices.")
        self.path("finding", editor)
        expect(editor.page.locator("body")).not_to_contain_text(HEARD)
        union = self.known(house, "org_steward").goes_to(self.places["finding"])
        union.follows("Send a recommendation that rests on it")
        union.answers(body="DEMO", text=self.found, asked_change=CHANGE).presses("Send it").sees("waits for an answer")
        self.path("asked", union)

    def the_board_answers_and_she_hears_of_it(self, house: House) -> None:
        """The board promises; the editor tells those who spoke; at another shelter eight words show all of it."""
        head, asked = self.known(house, "duty_bearer"), self.places["asked"]
        head.goes_to(f"{asked}respond").answers(outcome="accepted", reason=REASON).presses("Sign and send")
        head.goes_to(f"{asked}commit").answers(measure=CHANGE, owner="Supply office", budget="None needed")
        head.answers(source="answer", due_on=(DAY + datetime.timedelta(days=60)).isoformat()).presses(
            "Write this promise down"
        )
        editor = self.known(house, "peer_editor").goes_to("/desk/").sees("Tell those who spoke what was decided")
        editor.goes_to(self.places["finding"]).follows("Tell those who spoke what was decided")
        editor.answers(text=TOLD).presses("Tell them").sees(TOLD)
        tablet = self._comes_back(house).sees("Sent to Harbor Board for Drug Policy").sees(TOLD).sees(HEARD)
        expect(tablet.page.locator("main li audio")).to_have_count(1)
        tablet.presses("Close this, for whoever comes next")

    def _comes_back(self, house: House) -> Person:
        tablet = self.arrives(house).goes_to("/voices/return").answers(receipt=self.receipt)
        return tablet.presses("Show it to me").sees("What became of it").sees(self.found)

    def she_says_whether_it_is_true(self, house: House) -> None:
        """The board calls it done; she was there, and says no; then she looks what she said, and takes her leave."""
        head = self.known(house, "duty_bearer").goes_to(f"{self.places['asked']}deliver")
        head.answers(words="Longer needles lie at both supply points since May.").presses("It is done")
        tablet = self._comes_back(house).sees("Is it true?").presses("It is not true")
        tablet.goes_to("/voices/return").follows("See, change or take back what you said").sees("not true")
        tablet.goes_to("/voices/return").presses("Close this, for whoever comes next")
        visitor = self.arrives(house).goes_to(self.places["asked"]).sees(self.found)
        expect(visitor.page.locator("body")).not_to_contain_text("of 10 people")


def test_a_voice_without_a_phone(browser: Browser, tmp_path: Path) -> None:
    shelters = [Shelter(browser, scripts=scripts) for scripts in (True, False)]
    spoken = (
        Shelter.she_speaks_on_the_shared_tablet,
        Shelter.a_peer_editor_listens_and_writes_it_down,
        Shelter.a_finding_becomes_a_recommendation,
    )
    on(DAY, tmp_path, shelters, *spoken)
    on(ANSWERED, tmp_path, shelters, Shelter.the_board_answers_and_she_hears_of_it)
    on(DONE, tmp_path, shelters, Shelter.she_says_whether_it_is_true)
    kept = b"".join(one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())
    assert FOUND.encode() in kept
    for secret in (HEARD, FILE, *(one.receipt for one in shelters)):
        assert secret.encode() not in kept
