"""Signing in, coming back, a new passphrase, what is known, leaving."""

import logging
import random
import re
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from tests import cast, make
from tests.people.test_cards import draft_of, hidden, text, words_back

from withus.core import codes, sealing
from withus.core.errors import Refused
from withus.people import actions, credentials, leaving, queries
from withus.people.models import Account, Membership, RecoveryCode, Session
from withus.policy.facts import VISITOR, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def everybody() -> cast.Cast:
    """The cast."""
    return cast.come_in()


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Every Argon2id that is made, by its salt."""
    made: list[bytes] = []
    derive = sealing.derive
    monkeypatch.setattr(sealing, "derive", lambda secret, salt: made.append(salt) or derive(secret, salt))
    return made


def test_ana_signs_in_and_out(everybody: cast.Cast, hashes: list[bytes]) -> None:
    browser, before = Client(), Session.objects.count()
    sent = {"pseudonym": everybody.ana.pseudonym, "passphrase": everybody.ana.passphrase}
    assert browser.post("/sign-in", sent)["Location"] == "/me/"
    assert len(hashes) == 1
    assert everybody.ana.pseudonym in text(browser.get("/me/"))
    assert browser.post("/sign-out")["Location"] == "/"
    assert Session.objects.count() == before
    assert browser.get("/me/").status_code == 403


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("/processes/NIGHTS/vote", "/processes/NIGHTS/vote"),
        ("//evil.example/", "/me/"),
        ("https://evil.example/", "/me/"),
        ("/\\evil.example", "/me/"),
        ("javascript:alert(1)", "/me/"),
        ("", "/me/"),
    ],
)
def test_who_had_to_sign_in_first_goes_on_where_she_was_and_never_elsewhere(
    everybody: cast.Cast, wanted: str, place: str
) -> None:
    sent = {"pseudonym": everybody.ana.pseudonym, "passphrase": everybody.ana.passphrase}
    assert Client().post(f"/sign-in?{urlencode({'next': wanted})}", sent)["Location"] == place


def test_the_no_to_a_visitor_leads_back_after_signing_in(everybody: cast.Cast) -> None:
    assert "/sign-in?next=/me/known" in Client().get("/me/known").content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {"passphrase": "abandon ability able about above absent absorb"},
        {"passphrase": ""},
        {"passphrase": "x" * 100_000},
        {"pseudonym": "nobody-here-1"},
        {"pseudonym": "\0\u202e\ufffe"},
        {"pseudonym": "y" * 100_000},
        {"pseudonym": "' OR 1=1 --"},
    ],
)
def test_wrong_words_get_one_answer_and_keep_what_was_typed(everybody: cast.Cast, sent: dict[str, str]) -> None:
    right = {"pseudonym": everybody.ana.pseudonym, "passphrase": everybody.ana.passphrase}
    assert Client().post("/sign-in", right).status_code == 303
    browser = Client()
    answer = browser.post("/sign-in", right | sent)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert not answer.cookies
    if "pseudonym" not in sent:
        assert f'value="{everybody.ana.pseudonym}"' in answer.content.decode()


def wrong_ones(secret: bytes, pseudonym: str, passes: bool) -> str:
    """A wrong passphrase that the keyed check lets through, or not."""
    while True:
        phrase = " ".join(random.sample(codes.fit_words(), codes.PASSPHRASE_WORDS))
        if codes.passphrase_may_be(secret, pseudonym, phrase) == passes:
            return phrase


@pytest.mark.parametrize("passes", [True, False])
def test_a_wrong_passphrase_takes_as_long_as_an_unknown_pseudonym(
    everybody: cast.Cast, hashes: list[bytes], passes: bool
) -> None:
    secret = bytes(make.instance().check_secret)
    taken: dict[str, list[float]] = {everybody.ana.pseudonym: [], "calm-otter-1": []}
    tries = {name: wrong_ones(secret, name, passes) for name in taken}
    for _ in range(30):
        for name, times in taken.items():
            begun = perf_counter()
            with pytest.raises(Refused):
                actions.sign_in(VISITOR, None, pseudonym=name, passphrase=tries[name])
            times.append(perf_counter() - begun)
    assert len(hashes) == (60 if passes else 0)
    known, unknown = (median(times) for times in taken.values())
    assert abs(known - unknown) < 0.005


def sheet(browser: Client) -> list[str]:
    """The recovery codes that a page shows."""
    return re.findall(r"<code[^>]*>([0-9A-Z-]{19})</code>", browser.post("/me/recovery-codes").content.decode())


def test_ana_lost_her_passphrase_and_comes_back_with_a_code(everybody: cast.Cast, hashes: list[bytes]) -> None:
    ana = cast.browser(everybody.ana)
    made = sheet(ana)
    assert len(made) == RecoveryCode.objects.count() == 8
    assert made[0] not in ana.get("/me/recovery-codes").content.decode()
    lost, sent = Client(), {"pseudonym": everybody.ana.pseudonym, "code": made[2].lower().replace("-", " ")}
    hashes.clear()
    card = lost.post("/recover", sent)
    assert len(hashes) == 1
    draft = draft_of(card, "recover")
    assert draft.passphrase in text(card)
    assert cast.browser(everybody.ana), "until the new one is written down, the old one works"
    done = {"draft": hidden(card, "draft"), "step": "done", "shared": "on"} | words_back(draft)
    assert lost.post("/recover", done)["Location"] == "/me/"
    assert lost.get("/me/").status_code == 200
    assert ana.get("/me/").status_code == 403
    with pytest.raises(Refused):
        actions.sign_in(VISITOR, None, pseudonym=everybody.ana.pseudonym, passphrase=everybody.ana.passphrase)
    session = actions.sign_in(VISITOR, None, pseudonym=everybody.ana.pseudonym, passphrase=draft.passphrase)
    assert session.key == everybody.ana.key, "her votes are still hers"
    assert RecoveryCode.objects.count() == 7
    assert "do not fit" in text(Client().post("/recover", sent))
    assert Client().post("/recover", done).status_code == 303, "sent twice, it is the same new passphrase"


def test_a_used_code_replaces_nothing(everybody: cast.Cast) -> None:
    (code, *_), name = sheet(cast.browser(everybody.ana)), everybody.ana.pseudonym
    first, second = (queries.draft_for_recovery(VISITOR, name, code) for _ in range(2))
    assert actions.recover(VISITOR, None, draft=first)
    with pytest.raises(Refused):
        actions.recover(VISITOR, None, draft=second)
    assert actions.sign_in(VISITOR, None, pseudonym=name, passphrase=first.passphrase)


@pytest.mark.parametrize("code", ["", "x" * 100_000, "\0", "0000-0000-0000-000"])
def test_no_code_no_new_passphrase(everybody: cast.Cast, hashes: list[bytes], code: str) -> None:
    hashes.clear()
    answer = Client().post("/recover", {"pseudonym": everybody.ana.pseudonym, "code": code})
    assert 'role="alert"' in answer.content.decode()
    assert hashes == []


def test_a_new_passphrase_ends_every_other_session(everybody: cast.Cast) -> None:
    ana, elsewhere = cast.browser(everybody.ana), cast.browser(everybody.ana)
    assert "draft" not in ana.get("/me/passphrase").content.decode()
    card = ana.post("/me/passphrase")
    draft = draft_of(card, "renew")
    assert elsewhere.get("/me/").status_code == 200
    done = {"draft": hidden(card, "draft"), "step": "done"} | words_back(draft)
    assert ana.post("/me/passphrase", done)["Location"] == "/me/"
    assert ana.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 403
    session = actions.sign_in(VISITOR, None, pseudonym=everybody.ana.pseudonym, passphrase=draft.passphrase)
    assert session.key == everybody.ana.key


def test_an_old_page_cannot_bring_an_old_passphrase_back(everybody: cast.Cast) -> None:
    ana = cast.browser(everybody.ana)
    old, new = ana.post("/me/passphrase"), ana.post("/me/passphrase")
    for page, status in ((new, 303), (old, 200)):
        sent = {"draft": hidden(page, "draft"), "step": "skip"}
        assert ana.post("/me/passphrase", sent).status_code == status


def test_bo_cannot_use_anas_page(everybody: cast.Cast) -> None:
    page = cast.browser(everybody.ana).post("/me/passphrase")
    sent = {"draft": hidden(page, "draft"), "step": "skip"}
    answer = cast.browser(everybody.bo).post("/me/passphrase", sent)
    assert 'role="alert"' in answer.content.decode()
    assert cast.browser(everybody.ana)
    assert cast.browser(everybody.bo)


def test_what_is_known_about_ana_is_what_is_stored(everybody: cast.Cast) -> None:
    ana = cast.browser(everybody.ana)
    sheet(ana)
    page = text(ana.get("/me/known"))
    account = Account.objects.get(pk=everybody.ana.account.pk)
    assert account.pseudonym in page
    assert account.verifier in page
    assert all(one in page for one in account.recovery_codes.values_list("verifier", flat=True))
    assert all(one in page for one in account.sessions.values_list("digest", flat=True))
    assert "The peers" in page
    fields = [
        field.name for model in (Account, Membership, Session, RecoveryCode) for field in model._meta.concrete_fields
    ]
    assert all(f" {name} " in page for name in fields)
    others = Account.objects.exclude(pk=account.pk).values_list("pseudonym", flat=True)
    assert not any(other in page for other in others)


def test_a_person_whose_roles_have_all_ended_can_still_leave(everybody: cast.Cast) -> None:
    ana = cast.browser(everybody.ana)
    Membership.objects.filter(account=everybody.ana.account).delete()
    assert "You have no role now" in text(ana.get("/me/"))
    assert ana.post("/me/leave", {"stays": "no"}).status_code == 200
    assert not Account.objects.filter(pk=everybody.ana.account.pk).exists()


@pytest.mark.parametrize("stays", [True, False])
def test_ana_leaves_and_says_what_becomes_of_her_words(
    everybody: cast.Cast, monkeypatch: pytest.MonkeyPatch, stays: bool
) -> None:
    asked: list[tuple[int, bytes, bool]] = []
    monkeypatch.setattr(leaving, "HOOKS", [*leaving.HOOKS, lambda *given: asked.append(given)])
    ana = cast.browser(everybody.ana)
    sheet(ana)
    assert 'role="alert"' in ana.post("/me/leave", {}).content.decode()
    answer = ana.post("/me/leave", {"stays": "yes" if stays else "no"})
    assert "Your account is gone" in text(answer)
    assert asked == [(everybody.ana.account.pk, everybody.ana.key, stays)]
    assert ana.get("/me/").status_code == 403
    for model in (Membership, Session, RecoveryCode):
        assert not model.objects.filter(account_id=everybody.ana.account.pk).exists()
    assert ana.post("/me/leave", {"stays": "yes"}).status_code == 403


def test_if_what_she_said_cannot_be_looked_after_she_has_not_left(
    everybody: cast.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*given: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(leaving, "HOOKS", [breaks])
    ana = cast.browser(everybody.ana)
    with pytest.raises(RuntimeError):
        ana.post("/me/leave", {"stays": "no"})
    assert ana.get("/me/").status_code == 200


def test_no_secret_comes_back_on_a_later_page_or_in_a_log(
    everybody: cast.Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    code = make.card(everybody.peers)
    newcomer = Client()
    card = newcomer.post("/join", {"code": code})
    draft = draft_of(card)
    newcomer.post("/join", {"code": code, "draft": hidden(card, "draft"), "step": "skip"})
    secrets = [draft.passphrase, draft.key.hex(), code, codes.grouped(code), *sheet(newcomer)]
    later = [
        newcomer.get(path).content.decode() for path in ("/", "/me/", "/me/known", "/me/recovery-codes", "/me/leave")
    ]
    said = caplog.text.replace(str(everybody), "")
    shown = [line for line in said.splitlines() if "django.db.backends" not in line]
    assert not [secret for secret in secrets if any(secret in page for page in later) or secret in "\n".join(shown)]


def test_canaries_of_an_erased_account_are_in_no_database_file(own_database: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps its own files")
    everybody = cast.come_in()
    ana = cast.browser(everybody.ana)
    sheet(ana)
    account = Account.objects.get(pk=everybody.ana.account.pk)
    canaries = [account.pseudonym.encode(), account.verifier.encode(), bytes(account.salt), bytes(account.wrapped_key)]
    canaries += [one.encode() for one in account.recovery_codes.values_list("verifier", flat=True)]
    canaries += [one.encode() for one in account.sessions.values_list("digest", flat=True)]
    file = Path(str(connection.settings_dict["NAME"]))

    def found() -> list[bytes]:
        written = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
        return [canary for canary in canaries if canary in written]

    assert found() == canaries
    assert ana.post("/me/leave", {"stays": "no"}).status_code == 200
    assert found() == []


def test_the_check_is_not_the_passphrase() -> None:
    salt, key = codes.key(), codes.key()
    verifier, wrapped = credentials.lock("some words", salt, key)
    assert credentials.unlock("some words", salt, {verifier: wrapped}) == (verifier, key)
    assert credentials.unlock("other words", salt, {verifier: wrapped}) is None
    assert credentials.unlock("some words", codes.key(), {verifier: wrapped}) is None
    assert key not in wrapped


def test_the_tables_are_as_the_models_say() -> None:
    call_command("check", verbosity=0)
    assert Role.PEER not in queries.STAFF
