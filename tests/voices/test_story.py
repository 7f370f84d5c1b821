"""A voice without a phone: sent, its receipt written down, read, answered, come back to, erased. Forms alone."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests import make
from tests.voices.scene import SEED, WORDS, Scene, come_back, filled, for_a_story, only, send, shown, slip
from withus.core import buckets, clock, codes, receipts
from withus.people.models import Membership
from withus.policy.facts import Role
from withus.voices import carried, forms, limits
from withus.voices.inboxes.models import Reader
from withus.voices.models import Envelope, Opening, Turn, Voice


def test_the_whole_story(scene: Scene) -> None:
    tablet = Client()
    receipt = send(scene, tablet)
    page = tablet.get("/voices/receipt").content.decode()
    assert 'id="receipt"' in page
    assert all(word in page for word in receipts.in_words(receipt).split())
    assert "data:image/svg" in page.partition('id="receipt"')[2]
    assert tablet.post("/voices/receipt", {"step": "check"}).content.decode().count(receipt[:4]) == 0
    again = tablet.post("/voices/receipt", {"step": "typed", "receipt": receipt.lower()})
    assert (again.status_code, again["Location"]) == (303, "/voices/return")
    assert tablet.get("/voices/receipt")["Location"] == "/voices/return", "never shown again"
    assert "sent, not read yet" in tablet.get("/voices/return").content.decode()
    tablet.post("/voices/end")
    assert WORDS not in tablet.get("/voices/return").content.decode()

    edi, (_, envelope) = scene.of(scene.edi), only()
    place = envelope.get_absolute_url()
    assert place in edi.get(scene.place).content.decode()
    assert f'href="{scene.place}"' in edi.get("/desk/").content.decode()
    assert WORDS not in edi.get(place).content.decode(), "closed until she says that she opens it"
    assert edi.post(f"{place}open").status_code == 303
    page = edi.get(place).content.decode()
    assert WORDS in page
    assert "Needles" in page
    assert "Harbor" in page
    assert edi.post(f"{place}answer", {"text": "27G long come on Monday."}).status_code == 303
    assert scene.edi.pseudonym in scene.of(scene.lu).get(f"{scene.place}openings").content.decode()

    elsewhere = Client()
    page = come_back(elsewhere, receipts.in_words(receipt))
    assert "answered" in page
    assert "27G long come on Monday." in page
    assert scene.edi.pseudonym not in page
    assert elsewhere.post("/voices/more", {"text": "They came. Thank you."}).status_code == 303
    assert "They came." in elsewhere.get("/voices/return").content.decode()
    assert Envelope.objects.get().is_waiting
    assert "They came." in edi.get(place).content.decode()
    assert edi.post(f"{place}close").status_code == 303
    assert not Envelope.objects.get().is_waiting

    assert "It is erased" in elsewhere.post("/voices/erase").content.decode()
    assert (Voice.objects.count(), Turn.objects.count(), Envelope.objects.count()) == (0, 0, 0)
    assert edi.get(place).status_code == 404
    assert "There is nothing under this receipt" in come_back(Client(), receipt)
    assert Opening.objects.count() == 1


def test_a_form_that_is_only_looked_at_names_no_mistakes(scene: Scene) -> None:
    for place in ("/voices/new", "/voices/return"):
        assert 'role="alert"' not in Client().get(place).content.decode()


def test_a_receipt_is_read_however_it_is_typed(scene: Scene) -> None:
    receipt = send(scene, Client())
    confused = receipt.replace("0", "o").replace("1", "l").lower()
    for typed in (f" {receipt[:4]} {receipt[4:8]}-{receipt[8:]}", confused, receipts.in_words(receipt).upper()):
        assert WORDS in come_back(Client(), typed)


def test_in_arabic_the_receipt_is_its_symbols_which_are_read_as_its_words_are(scene: Scene) -> None:
    client, arabic = Client(), {"accept-language": "ar"}
    receipt = send(scene, client)
    page = client.get("/voices/receipt", headers=arabic | {"host": "127.0.0.1:8102"}).content.decode()
    assert "secret-words" not in page
    assert receipts.in_words(receipt) not in page
    assert '<bdi dir="ltr">http://127.0.0.1:8102/voices/return</bdi>' in page
    client = Client(headers=arabic)
    assert WORDS in come_back(client, receipts.in_words(receipt))


def test_known_and_unknown_receipts_get_answers_of_one_length(scene: Scene) -> None:
    receipt = send(scene, Client())
    answers = [Client().post("/voices/return", {"receipt": one}) for one in (receipt, "0" * 16, "", "no", "x" * 9000)]
    assert {(one.status_code, one["Location"], len(one.content)) for one in answers} == {(303, "/voices/return", 0)}
    cookies = [one.cookies["voice"] for one in answers]
    assert len({len(one.value) for one in cookies}) == 1
    assert {(one["httponly"], one["samesite"], one["path"], one["max-age"]) for one in cookies} == {
        (True, "Strict", "/voices/", "")
    }
    assert {one["Cache-Control"] for one in answers} == {"no-store"}
    assert receipt not in "".join(one.value for one in cookies)


def test_a_receipt_with_its_label_opens_and_one_of_another_length_is_counted(scene: Scene) -> None:
    receipt = send(scene, Client())
    assert WORDS in come_back(Client(), f"Receipt: {codes.grouped(receipt)}")
    for typed, said in (
        (receipt[1:], "What you typed has 15 letters and digits. A receipt has 16."),
        (f"Receipt: {receipt}0", "What you typed has 17 letters and digits. A receipt has 16."),
        (receipts.in_words(receipt).rpartition(" ")[0], "What you typed has 7 words. A receipt has 8."),
    ):
        assert said in come_back(Client(), typed)
    for typed in ("", "0" * 16):
        assert "What you typed" not in come_back(Client(), typed)


def test_every_typed_receipt_costs_one_derivation(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt, asked = send(scene, Client()), []
    real = receipts.open_with
    monkeypatch.setattr(receipts, "open_with", lambda one: asked.append(one) or real(one))
    for typed in (receipt, "0" * 16, "", "not a receipt"):
        Client().post("/voices/return", {"receipt": typed})
    assert len(asked) == 4


def test_a_visit_ends_after_half_an_hour(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    come_back(client, send(scene, Client()))
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(minutes=29))
    assert WORDS in client.get("/voices/return").content.decode()
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(minutes=58))
    assert WORDS in client.get("/voices/return").content.decode(), "each page makes it last"
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(minutes=90))
    assert WORDS not in client.get("/voices/return").content.decode()


def test_sent_twice_it_is_one_voice_with_one_receipt(scene: Scene) -> None:
    client = Client()
    sent = filled(scene, client)
    for _ in range(2):
        assert client.post("/voices/new", sent).status_code == 303
    assert Voice.objects.count() == 1
    come_back(client, shown(client))
    for _ in range(2):
        client.post("/voices/more", {"text": "One thing more."})
    assert Turn.objects.count() == 2


def test_words_that_point_to_somebody_are_asked_about_once(scene: Scene) -> None:
    client = Client()
    for text in (
        "Call 0171 234 56 78 at night.",
        "Write to ana@example.org please.",
        "My name is Ana.",
        "أنا اسمي آنا",
    ):
        sent = filled(scene, client, text=text)
        page = client.post("/voices/new", sent)
        assert (page.status_code, Voice.objects.count()) == (200, 0)
        assert 'role="alert"' in page.content.decode()
        assert 'type="checkbox" id="id_anyway"' in page.content.decode()
        assert client.post("/voices/new", sent | {"anyway": "on"}).status_code == 303
        Voice.objects.all().delete()


def test_before_it_is_sent_it_is_said_who_will_read_it(scene: Scene) -> None:
    client = Client()
    sent = filled(scene, client, **for_a_story(scene), excluded=scene.council.code, look="yes")
    without = client.post("/voices/new", {name: one for name, one in sent.items() if name != "may_be_told"})
    assert "Nobody tells it as a story, unless you say so later." in without.content.decode()
    assert "together with at least two other voices" in without.content.decode()
    page = client.post("/voices/new", sent).content.decode()
    assert "Readers of <bdi>Lantern</bdi> can read it." in page
    assert "Their peer editors may tell it to everybody, as a story or in what they find: in their own words" in page
    assert "Nobody else can read it." not in page
    assert "together with at least two other voices" not in page
    assert "never gets it here. What is published everybody can read, also whoever must not read" in page
    assert WORDS in page
    assert Voice.objects.count() == 0
    sent.pop("look")
    assert client.post("/voices/new", sent).status_code == 303
    page = come_back(client, shown(client))
    assert "It may be told as a story" in page
    assert "must not read it" in page


def test_what_is_asked_about_once_more_says_again_who_will_read_it(scene: Scene) -> None:
    for text in ("My name is Ana.", "It is 0123-4567-89AB-CDEF."):
        page = Client().post("/voices/new", filled(scene, Client(), text=text)).content.decode()
        assert "Not sent yet. This will happen:" in page
        assert "Readers of <bdi>Lantern</bdi> can read it." in page
        assert "Nobody else can read it." in page


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"audience": []}, "Please answer"),
        ({"audience": ["OTHER"]}, "Please choose from the answers"),
        ({"text": ""}, "one of the two is enough"),
        ({"text": "a" * 5001}, "too long"),
        ({"website": "https://example.org"}, "Leave the hidden field empty"),
        ({"slip": "made up"}, "Send it from this page once more"),
        ({"slip": ""}, "Send it from this page once more"),
    ],
)
def test_a_wrong_form_says_what_to_do_and_keeps_all(scene: Scene, more: dict[str, object], says: str) -> None:
    client = Client()
    page = client.post("/voices/new", filled(scene, client, **more))
    assert page.status_code == 200
    assert says in page.content.decode()
    assert "more than a day" not in page.content.decode()
    assert "Needles" in page.content.decode()
    assert Voice.objects.count() == 0


def test_what_comes_when_nobody_can_take_it_any_more_is_not_lost(scene: Scene) -> None:
    client = Client()
    sent = filled(scene, client)
    Reader.objects.all().delete()
    page = client.post("/voices/new", sent).content.decode()
    assert ("No organisation here can take it yet" in page, 'role="alert"' in page, WORDS in page) == (True, True, True)
    assert "No organisation here can take it yet" in client.get("/voices/new").content.decode()


def test_what_kind_it_is_nobody_chooses_for_her(scene: Scene) -> None:
    client = Client()
    offered = re.findall(r'<input type="radio"[^>]* name="kind"[^>]*>', client.get("/voices/new").content.decode())
    assert (len(offered), [one for one in offered if "checked" in one]) == (3, [])
    sent = {name: value for name, value in filled(scene, client).items() if name != "kind"}
    assert "Please choose one of the answers" in client.post("/voices/new", sent | {"kind": "x"}).content.decode()
    assert client.post("/voices/new", sent).status_code == 303
    page = come_back(Client(), shown(client))
    assert (WORDS in page, "About:" in page, "Said:" in page) == (True, True, False)


def test_whom_it_is_about_cannot_be_a_reader(scene: Scene) -> None:
    client = Client()
    page = client.post("/voices/new", filled(scene, client, excluded=scene.peers.code))
    assert "as one that must not read" in page.content.decode()
    assert Voice.objects.count() == 0


def test_a_form_is_sent_neither_too_fast_nor_too_late(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "YOUNGEST", timedelta(seconds=3))
    client, real = Client(), clock.now
    sent = filled(scene, client)
    page = client.post("/voices/new", sent)
    assert "very quick" in page.content.decode()
    assert slip(page) == sent["slip"], "the same form can be sent a moment later"
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(hours=25))
    page = client.post("/voices/new", sent)
    assert "more than a day" in page.content.decode()
    sent["slip"] = slip(page)
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(hours=25, seconds=5))
    assert client.post("/voices/new", sent).status_code == 303


@pytest.mark.parametrize("limit", ["AN_HOUR_EACH", "AN_HOUR_IN_ALL"])
def test_over_the_limit_it_is_said_and_another_way_is_named(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(limits, limit, 1)
    send(scene, Client())
    client, real = Client(), clock.now
    sent = filled(scene, client)
    page = client.post("/voices/new", sent).content.decode()
    assert "say it to a peer worker" in page
    assert WORDS in page
    assert Voice.objects.count() == 1
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(hours=1))
    assert client.post("/voices/new", sent).status_code == 303


@pytest.mark.parametrize("field", ["text", "topic", "area"])
@pytest.mark.parametrize("form", ["symbols", "dotted", "words"])
def test_no_words_are_sent_that_hold_a_receipt_of_anybody(scene: Scene, field: str, form: str) -> None:
    living = send(scene, Client())
    said = {"symbols": codes.grouped(living), "dotted": codes.grouped(living).replace("-", "."), "words": ""}
    client, text = Client(), f"my receipt is {said[form] or receipts.in_words(living)}"
    page = client.post("/voices/new", filled(scene, client, **{field: text, "anyway": "on"}))
    assert "what looks like a receipt" in page.content.decode()
    assert Voice.objects.count() == 1


def test_with_dots_between_its_groups_a_receipt_opens(scene: Scene) -> None:
    receipt = send(scene, Client())
    for gap in ".", "_", " / ", "\u200b":
        assert WORDS in come_back(Client(), codes.grouped(receipt).replace("-", gap))


def test_more_words_must_not_hold_the_receipt(scene: Scene) -> None:
    client, receipt = Client(), send(scene, Client())
    come_back(client, receipt)
    for text in (
        f"It is {receipt[:8].lower()} {receipt[8:]}",
        f"So: {receipts.in_words(receipt)}.",
        f"It is {receipt[:5]} / {receipt[5:7]}*{receipt[7:]}",
    ):
        page = client.post("/voices/more", {"text": text, "anyway": "on"})
        assert "receipt" in page.content.decode().partition('role="alert"')[2].partition("</div>")[0], text
    assert Turn.objects.count() == 1


def test_taken_back_no_reader_opens_it_and_its_receipt_still_does(scene: Scene) -> None:
    client = Client()
    come_back(client, send(scene, Client()))
    place = only()[1].get_absolute_url()
    assert client.post("/voices/withdraw").status_code == 303
    page = client.get("/voices/return").content.decode()
    assert "No reader has it any more" in page
    assert WORDS in page
    assert scene.of(scene.edi).get(place).status_code == 404
    assert client.post("/voices/more", {"text": "More."}).status_code == 200
    assert Turn.objects.count() == 1


def test_an_inbox_takes_nothing_with_one_reader(scene: Scene) -> None:
    client = Client()
    sent = filled(scene, client)
    Membership.objects.filter(account=scene.edi.account).delete()
    assert "No organisation here can take it yet" in client.get("/voices/new").content.decode()
    assert client.post("/voices/new", sent).status_code == 200
    assert Voice.objects.count() == 0
    assert "It takes nothing until two people read it" in client.get(scene.place).content.decode()


def test_another_organisation_finds_nothing_and_the_house_reads_nothing(scene: Scene) -> None:
    send(scene, Client())
    voice, envelope = only()
    missing = scene.of(scene.cem).get(f"{scene.place}NOTHING/")
    hedy = make.somebody(Role.INSTANCE_STEWARD)
    for who in (scene.cem, scene.mina, hedy):
        client = scene.of(who)
        for address in (envelope.get_absolute_url(), f"{envelope.get_absolute_url()}answer"):
            answer = client.get(address)
            assert answer.status_code in {403, 404}
        for deed in ("open", "answer", "close"):
            assert client.post(f"{envelope.get_absolute_url()}{deed}", {"text": "Hm."}).status_code == 404
        assert voice.code not in client.get(scene.place).content.decode()
    assert scene.of(scene.cem).get(envelope.get_absolute_url()).content == missing.content
    assert Opening.objects.count() == 0
    # Of the same organisation, without the key: nothing either.
    steward = make.somebody(Role.ORG_STEWARD, scene.peers)
    assert scene.of(steward).get(envelope.get_absolute_url()).status_code == 404


def test_no_word_of_a_voice_stands_in_an_address_and_pages_are_kept_nowhere(scene: Scene) -> None:
    client = Client()
    receipt = send(scene, client)
    for place in ("/voices/new", "/voices/receipt", "/voices/return", scene.place):
        answer = client.get(place)
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Robots-Tag"] == "noindex"
        microphone = "microphone=(self)" if place in {"/voices/new", "/voices/return"} else "microphone=()"
        assert microphone in answer["Permissions-Policy"].split(", ")
        addresses = re.findall(r'(?:href|src|action)="(?!data:)([^"]+)"', answer.content.decode())
        assert not [one for one in addresses if receipt in one]
    assert client.cookies["voice"]["expires"] == ""
    assert len(Client().get("/voices/new").content) <= 30_000


def test_a_voice_lives_ninety_days_from_the_last_word_and_thirty_once_closed(scene: Scene) -> None:
    receipt = send(scene, Client())
    today = clock.today()
    envelope = only()[1]
    assert only()[0].week == buckets.week_of(today + timedelta(days=90))
    lu = scene.of(scene.lu)
    lu.post(f"{envelope.get_absolute_url()}open")
    lu.post(f"{envelope.get_absolute_url()}close")
    assert only()[0].week == buckets.week_of(today + timedelta(days=30))
    assert WORDS in lu.get(envelope.get_absolute_url()).content.decode()
    client = Client()
    assert WORDS in come_back(client, receipt)
    client.post("/voices/more", {"text": "Not yet."})
    assert only()[0].week == buckets.week_of(today + timedelta(days=90))
    assert only()[1].closed_on is None
    assert "Not yet." in come_back(Client(), receipt)


def test_a_seed_is_not_a_receipt(scene: Scene) -> None:
    assert len({carried.read_slip(carried.new_slip()).secret for _ in range(50)}) == 50  # type: ignore[union-attr]
    assert carried.read_slip(SEED) is None


def test_a_page_with_a_receipt_is_compressed_for_our_own_pages_only(scene: Scene) -> None:
    client = Client(headers={"accept-encoding": "br"})
    send(scene, Client())
    assert "Content-Encoding" in client.get("/voices/new").headers
    client.cookies["voice"] = "anything"
    assert "Content-Encoding" not in client.get("/voices/return", headers={"sec-fetch-site": "cross-site"}).headers
    assert "Content-Encoding" in client.get("/voices/return", headers={"sec-fetch-site": "same-origin"}).headers
