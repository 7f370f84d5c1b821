"""Story 1: a board with terms, and a ministry that never joined; each is silent, each answers, and neither can bend it.

By hand, as people do it, with JavaScript and without, over thirty-one days.
"""

import datetime
from pathlib import Path

from playwright.sync_api import Browser, expect
from tests.browser.house import House
from tests.browser.town import Town, on

DAY = datetime.date(2026, 3, 2)  # a Monday
LATER = DAY + datetime.timedelta(days=31)
TEXT = "The night room closes at ten, when people begin to need it."
CHANGE = "Open it until two, every night of the week."
LAW = "Freedom of Information Act, section 10: an answer within thirty days (invented for this test)."
EVIDENCE = "/processes/LONDON/results\nMinutes of our breakfast, page 2\nOur photo log, week 9"
REASON = "The lease of the room forbids it, and the town will not pay for another one this year."
DISSENT = "The lease says nothing about nights. We have read it."
TERMS = {
    "kind": "advisory", "mandate": "It advises the town on all that concerns drugs.",
    "who_decides": "The town council.",
    "peer_seats": "3", "peer_vote": "yes", "agenda_right": "yes", "acknowledge_days": "10", "reply_days": "30",
    "question_days": "20", "extension_days": "10", "counting": "calendar", "pay": "Twenty an hour, on the same day.",
    "in_force_on": DAY.isoformat(), "review_on": (DAY + datetime.timedelta(days=365)).isoformat(),
}  # fmt: skip
DRAFT = {"outcome": "rejected", "reason": REASON}


class Board(Town):
    """Story 1, in one house."""

    def a_board_is_set_up_and_asked(self, house: House) -> None:
        """The city clerk sets the board up with its terms; the union sends it a recommendation."""
        host = self.known(house, "instance_steward")
        host.goes_to("/organisations/new").answers(kind="body", name=f"Drugs Policy Board {self.scripts}")
        card = host.presses("Add this organisation").hands_out("body_secretary")
        clerk = self.people["clerk"] = self.arrives(house).joins(card)
        clerk.follows("Desk").follows("Open the page of your body")
        clerk.answers(decides="It decides about the town's drug services.").presses("Open the page")
        self.path("board", clerk)
        clerk.goes_to(f"{self.places['board']}terms/new").answers(**TERMS).presses("Adopt these terms")
        for name in ("Seat of the night services", "Seat of the day room", "Seat of the street"):
            clerk.goes_to(f"{self.places['board']}seats/new")
            clerk.answers(name=name, side="peers", organisation="LANTERN", has_vote="yes").presses("Add the seat")
        clerk.goes_to(self.places["board"]).follows("Our organisation")
        self.people["head"] = self.arrives(house).joins(clerk.hands_out("duty_bearer"))

        union = self.known(house, "org_steward").goes_to(self.places["board"])
        union.follows("Send a recommendation").answers(text=TEXT, asked_change=CHANGE, evidence=EVIDENCE)
        union.presses("Send it").sees("waits for an answer").sees(TEXT).sees("Minutes of our breakfast, page 2")
        union.sees("The body’s terms of reference say so")
        self.path("asked", union)

    def it_is_silent_answers_and_cannot_bend_anything(self, house: House) -> None:
        """On day 31 the silence is public; the answer comes, and dissent stays beside it."""
        visitor, asked, board = self.arrives(house), self.places["asked"], self.places["board"]
        visitor.goes_to(asked).sees("silent for 1 day").goes_to(board).sees("Something is past due")
        data = visitor.page.request.get(f"{board}data.json").json()
        assert (data["label"]["holds"], "overdue" in data["label"]["missing"]) == (False, True)
        answered, silent = data["indicators"]["I-02"], data["indicators"]["I-04"]
        assert (answered["numerator"], answered["denominator"], silent["numerator"]) == (0, 1, 1)

        clerk, head = self.back(house, "clerk"), self.back(house, "head")
        for word in ("delete", "edit", "withdraw", "close", "recommend"):
            assert clerk.page.request.post(f"{asked}{word}", form={"text": "Nothing."}).status == 404
        assert clerk.page.request.delete(asked).status == 405
        clerk.follows("Desk").sees("Past its day").follows("Answer, with reasons")
        clerk.answers(**DRAFT | {"reason": "No."}).presses("Keep this for the signature").sees("Give a reason")
        clerk.answers(reason=REASON).presses("Keep this for the signature")
        head.follows("Desk").follows("Countersign the drafted answer").sees(REASON).presses("Countersign")
        clerk.goes_to("/desk/").follows("Send the countersigned answer").presses("Send the answer").sees("Rejected")
        assert clerk.page.request.post(f"{asked}respond", form=DRAFT).status == 403

        union = self.known(house, "org_steward").goes_to(asked)
        union.follows("Put your dissent beside the answer").answers(words=DISSENT).presses("Put it beside the answer")
        visitor.goes_to(asked).sees(REASON).sees(DISSENT).sees(TEXT)
        data = visitor.page.request.get(f"{board}data.json").json()
        assert data["indicators"]["I-04"]["numerator"] == 0
        assert data["indicators"]["I-02"]["numerator"] == 0  # an answer after its day is no answer in time
        visitor.goes_to(board).follows("A poster for the wall").sees("You said").sees(TEXT)

    def a_ministry_that_never_joined_gets_a_letter(self, house: House) -> None:
        """The union opens the ministry's page, names the law, prints the letter and says how it was served."""
        union = self.known(house, "org_steward").goes_to("/bodies/new")
        union.answers(name=f"Ministry of Health {self.scripts}", decides="It decides what doctors are told.")
        union.presses("Open the page")
        self.path("ministry", union)
        union.follows("Name the law that says by when it answers")
        union.answers(words=LAW, acknowledge_days="10", reply_days="30", question_days="20", extension_days="0")
        union.presses("Put it on the page").sees(LAW)
        union.goes_to(self.places["ministry"]).follows("Send a recommendation")
        union.answers(text=TEXT, asked_change=CHANGE).presses("Send it").sees("not handed over yet")
        self.path("letter", union)
        union.follows("Print it as a letter").sees(LAW).sees(TEXT)
        (code,) = union.secrets()
        self.places["code"] = code
        union.goes_to(self.places["letter"]).follows("Say that the letter arrived")
        union.answers(how="post", words="Post's number 12", served_on=DAY.isoformat()).presses("The letter arrived")
        union.sees("waits for an answer")
        visitor = self.arrives(house).goes_to(f"{self.places['letter']}letter")
        expect(visitor.page.get_by_text(code.split()[0])).to_have_count(0)

    def it_takes_its_page_over_and_answers(self, house: House) -> None:
        """Silent on day 31; then somebody at the ministry takes the page over with the letter's code, and answers."""
        letter, ministry = self.places["letter"], self.places["ministry"]
        self.arrives(house).goes_to(letter).sees("silent for 1 day")
        clerk = self.arrives(house).goes_to(ministry).follows("Take this page over")
        clerk.answers(code="0000-0000-0000-0000").presses("Take it over and go on")
        expect(clerk.page.get_by_role("alert")).to_be_visible()
        clerk.answers(code=self.places["code"].lower()).presses("Take it over and go on")
        clerk.writes_the_card_down().goes_to(ministry).sees("with the code of the letter")
        clerk.follows("Our organisation")
        head = self.arrives(house).joins(clerk.hands_out("duty_bearer"))
        head.follows("Desk").sees("Past its day").goes_to(letter).follows("Sign and send the answer")
        head.answers(outcome="accepted", reason="The instruction is withdrawn, and doctors are told so in writing.")
        head.presses("Sign and send").sees("Accepted").sees(TEXT)
        union = self.known(house, "org_steward").goes_to(f"{letter}letter")
        expect(union.page.get_by_text(self.places["code"].split()[0])).to_have_count(0)


def test_the_board_that_must_answer_and_a_ministry_that_never_joined(browser: Browser, tmp_path: Path) -> None:
    towns = [Board(browser, scripts=scripts) for scripts in (True, False)]
    on(DAY, tmp_path, towns, Board.a_board_is_set_up_and_asked, Board.a_ministry_that_never_joined_gets_a_letter)
    on(
        LATER,
        tmp_path,
        towns,
        Board.it_is_silent_answers_and_cannot_bend_anything,
        Board.it_takes_its_page_over_and_answers,
    )
