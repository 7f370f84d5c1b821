"""Whoever has the receipt ends what is hers, also when a part of it was gone a moment before; and its page is true."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from tests import make
from tests.voices.found import finding
from tests.voices.scene import Scene, come_back, only, send, weeks_end
from tests.voices.test_consent import inbox_of, other, read, visiting
from tests.voices.test_told import ANSWERS, is_gone, send_for_all, tell
from withus.core import buckets, clock
from withus.core.errors import Refused
from withus.people.models import Organisation
from withus.policy.facts import VISITOR
from withus.voices import actions, views
from withus.voices.carried import Visit
from withus.voices.consent import actions as consent
from withus.voices.findings.models import Source
from withus.voices.models import Voice
from withus.voices.queries import Opened, public_reopened, public_visit
from withus.voices.stories import actions as stories
from withus.voices.stories.models import Story
from withus.voices.stories.queries import Tellable

__all__ = ["other"]  # a fixture
GONE, COUNTED = "The story is taken back", "From now on what you sent may only be counted"


def _form(client: Client, place: str, story: Story) -> tuple[str, dict[str, str]]:
    """Where the form on a page that takes the story back leads, and what it sends."""
    address = f"/voices/stories/{story.code}/withdraw"
    form = client.get(place).content.decode().partition(f'action="{address}"')[2].partition("</form>")[0]
    assert form
    return address, dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


def test_taken_back_by_its_editor_first_it_is_taken_back_for_her_too(scene: Scene) -> None:
    client, _ = visiting(send_for_all(scene))
    story = tell(scene)
    hers = _form(client, "/voices/return", story)
    assert scene.of(scene.lu).post(*_form(scene.of(scene.lu), f"/stories/{story.code}/", story)).status_code == 303
    assert only()[0].may_be_told, "those who tell it do not end her consent"
    for _ in range(2):  # sent twice
        page = unescape(client.post(*hers).content.decode())
        assert GONE in page
        assert COUNTED in page
    assert not only()[0].may_be_told
    assert "It may only be counted" in read(client, "/voices/return")
    with pytest.raises(Refused, match="may only be counted"):
        stories.tell_story(scene.edi.actor, Tellable(only()[1]), key=scene.edi.key, **ANSWERS)


def test_told_anew_before_she_takes_it_back_that_one_goes(scene: Scene) -> None:
    client, _ = visiting(send_for_all(scene))
    story = tell(scene)
    hers = _form(client, "/voices/return", story)
    scene.of(scene.lu).post(f"/voices/stories/{story.code}/withdraw")
    anew = tell(scene, text="Told better.")
    assert GONE in client.post(*hers).content.decode()
    assert is_gone(anew)
    assert not only()[0].may_be_told


def test_the_form_of_another_voice_or_of_those_who_tell_it_ends_no_consent(scene: Scene) -> None:
    client, _ = visiting(send_for_all(scene))
    story, edi = tell(scene), scene.of(scene.edi)
    hers, theirs = _form(client, "/voices/return", story), _form(edi, f"/stories/{story.code}/", story)
    scene.of(scene.lu).post(f"/voices/stories/{story.code}/withdraw")
    receipt = send_for_all(scene)
    for browser, form in ((client, hers), (edi, theirs)):
        come_back(browser, receipt)
        assert browser.post(*form).headers["Location"] == "/voices/return"
    assert Voice.objects.filter(may_be_told=True).count() == 2


@pytest.mark.parametrize("is_hers", [True, False])
def test_on_one_device_each_form_does_what_it_says(scene: Scene, is_hers: bool) -> None:
    receipt = send_for_all(scene)
    story, shared = tell(scene), scene.of(scene.lu)
    theirs = _form(shared, f"/stories/{story.code}/", story)
    come_back(shared, receipt)
    answer = shared.post(*(_form(shared, "/voices/return", story) if is_hers else theirs))
    assert (GONE in answer.content.decode(), answer.get("Location")) == (is_hers, None if is_hers else "/stories/")
    assert is_gone(story)
    assert only()[0].may_be_told is not is_hers, "those who tell it do not end her consent"


@pytest.mark.parametrize("how", ["consent", "withdraw", "take-from", "erase", "story"])
def test_what_ends_by_itself_in_this_moment_keeps_nothing_else_from_ending(scene: Scene, how: str) -> None:
    receipt = send_for_all(scene)
    visit = public_visit(receipt)
    opened = public_reopened(visit)
    assert opened
    story = tell(scene)
    Source.objects.create(finding=finding(scene.peers, 0), locator=visit.locator, added_on=clock.today())
    with clock.at(buckets.last_day(only()[0].week) + timedelta(days=1)):
        weeks_end()
        _end(scene, how, opened, visit)
        assert is_gone(story)
        assert Source.objects.exists() is (how in {"consent", "story"})


def _end(scene: Scene, how: str, opened: Opened, visit: Visit) -> None:
    if how == "consent":
        consent.set_consent(VISITOR, opened, may_be_told=False)
    elif how == "withdraw":
        actions.withdraw_voice(VISITOR, opened)
    elif how == "take-from":
        consent.take_from(VISITOR, opened, organisation=scene.peers)
    elif how == "erase":
        actions.erase_voice(VISITOR, visit)
    else:
        stories.withdraw_own(VISITOR, visit)


def test_what_the_page_calls_erased_is_erased_also_if_its_words_end_meanwhile(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _ = visiting(send_for_all(scene))
    story, real = tell(scene), views.public_story_of

    def ended(locator: str) -> Story | None:
        Voice.objects.all().delete()
        return real(locator)

    monkeypatch.setattr(views, "public_story_of", ended)
    assert "It is erased" in client.post("/voices/erase").content.decode()
    assert is_gone(story)


def test_taken_from_the_one_that_tells_it_nobody_tells_it_and_the_page_says_so(
    scene: Scene, other: tuple[Organisation, make.Somebody]
) -> None:
    client, opened = visiting(send_for_all(scene))
    story = tell(scene)
    consent.share_voice(VISITOR, opened, inbox=inbox_of(other[0]))
    assert "is taken back, and then nobody may tell it until you say yes again" in read(client, "/voices/consent")
    page = unescape(client.post("/voices/take-from", {"organisation": scene.peers.code}).content.decode())
    assert GONE in page
    assert COUNTED in page
    assert is_gone(story)
    assert "It may only be counted" in read(client, "/voices/return")
    assert 'value="no" id="id_may_be_told_0" checked' in read(client, "/voices/consent")
    theirs = only()[1]
    with pytest.raises(Refused, match="may only be counted"):
        stories.tell_story(other[1].actor, Tellable(theirs), key=other[1].key, **ANSWERS)
    client.post("/voices/consent", {"may_be_told": "yes"})
    stories.tell_story(other[1].actor, Tellable(theirs), key=other[1].key, **ANSWERS)


@pytest.mark.parametrize("way", ["take-from", "withdraw"])
def test_taken_from_its_last_readers_the_page_says_until_when_copies_hold_the_story(scene: Scene, way: str) -> None:
    client, _ = visiting(send_for_all(scene))
    story = tell(scene)
    page = unescape(client.post(f"/voices/{way}", {"organisation": scene.peers.code}).content.decode())
    assert GONE in page
    assert "In older copies of this house they can lie until" in page
    assert "nobody may count it or tell it" in page
    assert COUNTED not in page
    assert is_gone(story)


def test_taken_from_one_that_tells_nothing_her_story_and_consent_stay(
    scene: Scene, other: tuple[Organisation, make.Somebody]
) -> None:
    client, opened = visiting(send_for_all(scene))
    story = tell(scene)
    consent.share_voice(VISITOR, opened, inbox=inbox_of(other[0]))
    answer = client.post("/voices/take-from", {"organisation": other[0].code})
    assert (answer.status_code, answer["Location"]) == (303, "/voices/consent")
    assert only()[0].may_be_told
    assert story.text in read(client, "/voices/return")


def test_a_visit_from_before_a_slip_was_typed_in_erases_what_was_typed(scene: Scene) -> None:
    client, _ = visiting(send(scene, Client()))
    Voice.objects.update(code="ANOTHER")  # the visit has its locator alone
    assert "It is erased" in client.post("/voices/erase").content.decode()
    assert not Voice.objects.exists()
