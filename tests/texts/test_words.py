"""The community's own words for the product's sentences."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import gettext, ngettext, override
from tests import make
from tests.deliberation import scene

from withus.core.errors import Denied, Refused
from withus.people import actions as people
from withus.people.queries import House, public_house
from withus.policy.facts import SYSTEM, Role
from withus.texts import actions, jobs, wording
from withus.texts.models import Wording

pytestmark = pytest.mark.django_db
SENTENCE = "What do you want to say?"
HOUSE = House(frozenset({scene.ORG}))


@pytest.fixture(autouse=True)
def _own_stamp(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.WITHUS_DATA = tmp_path
    yield
    Wording.objects.all().delete()
    wording.touch("over")
    wording.refresh()


def reword(words: str, original: str = SENTENCE, language: str = "en") -> None:
    """Lu's words, committed as the door would."""
    actions.reword(scene.LU, HOUSE, language=language, original=original, words=words)
    wording.touch(wording.digest())
    wording.refresh()


def test_own_words_stand_on_pages_from_the_next_page_on_and_go_again() -> None:
    scene.process()
    ana = scene.signed_in("ana")
    reword("What's up?")
    assert "What&#x27;s up?" in ana.get("/processes/TALK/propose").content.decode()
    reword("ماذا؟", language="ar")
    assert "What&#x27;s up?" in ana.get("/processes/TALK/propose").content.decode()
    assert "ماذا؟" in ana.get("/processes/TALK/propose", HTTP_ACCEPT_LANGUAGE="ar").content.decode()
    reword("")
    assert SENTENCE in ana.get("/processes/TALK/propose").content.decode()


def test_plural_forms_are_replaced_one_by_one() -> None:
    reword("only %(number)s to go", f"%(number)s statement left{wording.PLURAL}0")
    with override("en"):
        left = [ngettext("%(number)s statement left", "%(number)s statements left", count) for count in (1, 2)]
    assert left == ["only %(number)s to go", "%(number)s statements left"]


@pytest.mark.parametrize(
    ("original", "words"),
    [
        (SENTENCE, "<script>alert(1)</script>"),
        (SENTENCE, 'say " onload="alert(1)'),
        (SENTENCE, "%(surprise)s"),
        ("%(number)s left", "some left"),
        ("%(number)s left", "%(number)s left, 50 % sure"),
        ("%(number)s left", "%(number)s %(other)s"),
        ("<b>one</b>", "<i>one</i>"),
    ],
)
def test_words_that_would_break_a_page_or_bring_markup_are_refused(original: str, words: str) -> None:
    wording.check(
        original, original.upper().replace("%(NUMBER)S", "%(number)s").replace("<B>", "<b>").replace("</B>", "</b>")
    )
    with pytest.raises(Refused):
        actions.reword(scene.LU, HOUSE, language="en", original=original, words=words)
    assert Wording.objects.count() == 0


def test_unfit_words_that_are_in_the_database_are_not_used() -> None:
    Wording.objects.create(language="en", original=SENTENCE, words="<script>alert(1)</script>")
    jobs.spread_words()
    wording.refresh()
    with override("en"):
        assert gettext(SENTENCE) == SENTENCE


def test_another_process_hears_of_it_through_the_stamp_and_a_restore_through_the_job() -> None:
    Wording.objects.create(language="en", original=SENTENCE, words="Well?")
    assert (jobs.spread_words(), jobs.spread_words()) == (1, 0)
    wording.refresh()
    with override("en"):
        assert gettext(SENTENCE) == "Well?"


def test_nothing_is_read_while_nothing_has_changed(django_assert_num_queries: Any) -> None:
    reword("Well?")
    with django_assert_num_queries(0):
        wording.refresh()


def recognise(code: str) -> None:
    """The organisation is a recognised peer organisation."""
    of = scene.organisation(code)
    make.mandate(of)
    people.declare(SYSTEM, of, share="none")
    people.countersign(SYSTEM, of, version=1, outside_name="Abroad", outside_proof="Their site")


def test_lu_finds_a_sentence_and_replaces_it_and_ana_may_not() -> None:
    recognise(scene.ORG)
    lu, ana = scene.signed_in("lu", Role.ORG_STEWARD), scene.signed_in("ana")
    message = next(
        one for one in wording.messages("en") if len(one.original) > 20 and not set('<>%"') & set(one.original)
    )
    address = f"/texts/words/en/{message.code}"
    page = lu.get("/texts/words", {"language": "en", "search": message.original.upper()}).content.decode()
    assert address in page
    assert address not in ana.get("/texts/words", {"search": message.original}).content.decode()
    assert ana.post(address, {"words": "x"}).status_code == 403
    assert lu.post(address, {"words": "<b>x"}).status_code == 200
    assert lu.post(address, {"words": "Well?"}).status_code == 303
    assert Wording.objects.get().words == "Well?"
    assert lu.get("/texts/words/en/0000000000000000").status_code == 404
    assert lu.get("/texts/words/xx/0000000000000000").status_code == 404


@pytest.mark.parametrize(
    ("recognised", "expected"), [((), {"hedy", "system"}), (("PEERS",), {"lu", "system"}), (("OTHERS",), {"system"})]
)
def test_exactly_stewards_of_recognised_peers_may_and_before_them_the_host(
    recognised: tuple[str, ...], expected: set[str]
) -> None:
    for code in recognised:
        recognise(code)
    may = set()
    for name, actor in (scene.EVERYBODY | {"hedy": scene.somebody(9, Role.INSTANCE_STEWARD, "")}).items():
        try:
            actions.reword(actor, public_house(), language="en", original=SENTENCE, words=name)
            may.add(name)
        except Denied:
            continue
    assert may == expected


def test_the_log_keeps_the_words_before_and_after() -> None:
    for words in ("What's up?", "Well?", ""):
        reword(words)
    told = [
        (one["facts"]["before"], one["facts"]["words"]) for one in scene.records() if one["type"] == "words.replaced"
    ]
    assert told == [("", "What's up?"), ("What's up?", "Well?"), ("Well?", "")]


@pytest.mark.parametrize("original", sorted(wording.FIXED))
def test_the_names_of_the_answers_stay(original: str) -> None:
    with pytest.raises(Refused, match="stay as they are"):
        reword("Something else", original)


def test_every_fixed_word_is_one_of_the_products_sentences() -> None:
    known = {message.original for message in wording.messages("en")}
    assert known >= wording.FIXED
