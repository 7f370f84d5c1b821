"""From an empty machine to a vote that is taken back, as people do it, with JavaScript and without."""

import datetime
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.house import House
from tests.browser.person import Person

STATEMENT = "The drop-in should be open at night."


@pytest.fixture
def empty_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A Withus that nobody has set up."""
    with House(tmp_path_factory.mktemp("empty"), demo=False) as started:
        yield started


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def arrives(browser: Browser, empty_house: House, request: pytest.FixtureRequest) -> Iterator[Callable[[], Person]]:
    """Somebody comes with a browser of her own: a phone, small."""
    opened = []

    def arrive() -> Person:
        size = {"width": 360, "height": 640}
        window = browser.new_context(
            base_url=empty_house.address, java_script_enabled=request.param, viewport=size, locale="en"
        )
        window.set_default_timeout(10_000)
        opened.append(window)
        return Person(window.new_page())

    yield arrive
    for window in opened:
        window.close()


def test_from_an_empty_machine_to_a_vote_taken_back(arrives: Callable[[], Person], empty_house: House) -> None:
    mina = arrives().goes_to("/").sees("This house is being set up").goes_to(empty_house.set_up_path())
    mina.answers(host_name="Lantern House").presses("Go on").writes_the_card_down()

    mina.goes_to("/organisations/new").answers(kind="peer_organisation", name="Lantern").presses(
        "Add this organisation"
    )
    organisation = mina.page.url
    steward_card = mina.hands_out("org_steward")
    mina.presses("Sign out")

    lu = arrives().joins(steward_card).goes_to(organisation)
    peer_card = lu.hands_out("peer")
    editor_card = lu.goes_to(organisation).hands_out("peer_editor")
    lu.goes_to("/processes/").follows("Open a process for Lantern")
    lu.answers(title="Nights at the drop-in", about="When it is open.").presses("Open the process")
    process = lu.page.url
    today = datetime.datetime.now(datetime.UTC).date()
    lu.follows("Add a phase").answers(
        kind="need", level="3", can_change="The hours.", cannot_change="The rent.", opens_on=today.isoformat(),
        closes_on=(today + datetime.timedelta(days=9)).isoformat(), takes_statements="yes", takes_votes="yes",
    ).presses("Add the phase").sees("open now")  # fmt: skip

    ana = arrives().joins(peer_card).presses("Sign out").signs_in()
    ana.goes_to(process).follows("Propose a statement").answers(text=STATEMENT).presses("Propose this statement")
    ana.sees("waiting for the peer editors")

    eve = arrives().joins(editor_card).goes_to(process).follows("Statements that wait").sees(STATEMENT)
    eve.follows("Decide about it").answers(decision="accepted").presses("Publish the decision").sees("Nothing waits.")

    ana.goes_to(process).follows("Vote on statements").sees(STATEMENT).presses("Agree").sees(
        "You have answered everything"
    )
    ana.follows("Change or take back your votes").sees(STATEMENT)
    expect(ana.page.get_by_text("You agree")).to_have_count(0)
    ana.presses("Show your choices on this page").sees("You agree")
    ana.presses("Disagree").presses("Show your choices on this page").sees("You disagree")
    ana.presses("Take this vote back").sees("You have not voted here yet.")

    ana.presses("Sign out").goes_to("/me/").sees("Please sign in first.")
    ana.signs_in().follows("Leave, and erase my account").answers(stays="no").presses("Erase my account")
    ana.sees("Your account is gone").signs_in()
    expect(ana.page.get_by_role("alert")).to_be_visible()
    lu.goes_to(process).follows("Results")
    expect(lu.page.get_by_text(STATEMENT)).to_have_count(0)
