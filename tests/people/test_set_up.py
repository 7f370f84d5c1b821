"""The first steward, and the next: a one-time address that exists for nobody else."""

import json
import re

import pytest
from django.test import Client
from tests import cast, make
from tests.people.test_cards import draft_of, hidden, text, words_back

from withus.core import codes
from withus.core.errors import Denied, Refused
from withus.people import actions, credentials
from withus.people.models import Account, Instance, Membership, SetUpToken
from withus.people.queries import public_actor
from withus.policy.facts import SYSTEM, VISITOR, Role
from withus.public_log.models import LogEntry

pytestmark = pytest.mark.django_db
HOUSE = {"host_name": "The house", "community_name": "", "language": "en"}


def entries() -> list[str]:
    """The types of the log's records."""
    return [json.loads(bytes(body))["type"] for body in LogEntry.objects.order_by("seq").values_list("body", flat=True)]


def test_hedy_sets_the_house_up() -> None:
    address, hedy = f"/setup/{actions.make_set_up_token(SYSTEM)}", Client()
    assert entries() == []
    assert "Whose house is this?" in text(hedy.get(address))
    assert 'role="alert"' in hedy.post(address, {}).content.decode()
    card = hedy.post(address, HOUSE)
    draft = draft_of(card, "set_up")
    assert draft.passphrase in text(card)
    assert not Instance.objects.exists()
    sent = HOUSE | {"draft": hidden(card, "draft")}
    assert "Do you have it on paper?" in text(hedy.post(address, sent | {"step": "check"}))
    done = sent | {"step": "done"} | words_back(draft)
    assert hedy.post(address, done)["Location"] == "/me/"
    instance = Instance.objects.get()
    assert (instance.host_name, bytes(instance.check_secret)) == ("The house", draft.check_secret)
    assert entries()[-1] == "instance.set_up"
    assert Client().post(address, done).status_code == 303, "sent twice, it is the same steward"
    assert Account.objects.count() == Membership.objects.count() == 1
    assert Client().get(address).status_code == 404
    session = actions.sign_in(VISITOR, None, pseudonym=draft.pseudonym, passphrase=draft.passphrase)
    actor = public_actor(codes.digest(session.token))
    assert actor
    assert actor.holds(Role.INSTANCE_STEWARD)


def test_another_steward_comes_in_from_the_console_and_the_log_says_so() -> None:
    make.somebody(Role.INSTANCE_STEWARD)
    address, new = f"/setup/{actions.make_set_up_token(SYSTEM)}", Client()
    assert entries()[-1] == "steward.invited"
    assert "Do you want to be a steward" in text(new.get(address))
    card = new.post(address)
    sent = {"draft": hidden(card, "draft"), "step": "skip"}
    assert new.post(address, sent).status_code == 303
    assert entries()[-1] == "steward.joined"
    assert Instance.objects.get().host_name == "The house"
    assert Membership.objects.filter(role=Role.INSTANCE_STEWARD).count() == 2


def test_hedy_lets_a_second_steward_in_from_a_page_and_the_log_says_so() -> None:
    everybody = cast.come_in()
    hedy, lu = cast.browser(everybody.hedy), cast.browser(everybody.lu)
    here = "/running/stewards/new"
    assert (lu.get(here).status_code, lu.post(here).status_code) == (403, 403)
    with pytest.raises(Denied):
        actions.add_steward(everybody.lu.actor, Instance.objects.get())
    before = len(entries())
    assert "/setup/" not in hedy.get(here).content.decode()
    shown = re.search(r"http://testserver(/setup/[\w-]+)", hedy.post(here).content.decode())
    assert shown
    assert entries()[before:] == ["steward.invited"]
    new = Client()
    sent = {"draft": hidden(new.post(shown[1]), "draft"), "step": "skip"}
    assert new.post(shown[1], sent).status_code == 303
    assert entries()[-1] == "steward.joined"
    assert new.get("/running/").status_code == 200
    assert new.get(shown[1]).status_code == 404


def test_to_everybody_else_there_is_nothing_there() -> None:
    token = actions.make_set_up_token(SYSTEM)
    assert Client().get(f"/setup/{token}").status_code == 200
    missing = Client().get("/no-such-page")
    for guess in ("x", "A" * 43, token[:-1], "%00", "\u202e"):
        answer = Client().get(f"/setup/{guess}")
        assert answer.status_code == 404
        assert answer.content.replace(answer.request["PATH_INFO"].encode(), b"") == missing.content.replace(
            b"/no-such-page", b""
        )


def test_only_the_newest_address_works() -> None:
    first, second = actions.make_set_up_token(SYSTEM), actions.make_set_up_token(SYSTEM)
    assert SetUpToken.objects.count() == 1
    assert Client().get(f"/setup/{first}").status_code == 404
    assert Client().get(f"/setup/{second}").status_code == 200


def test_a_used_address_makes_no_second_steward() -> None:
    digest = codes.digest(actions.make_set_up_token(SYSTEM))
    mine, theirs = (credentials.newcomer("set_up", digest, codes.key()) for _ in range(2))
    assert actions.set_up(VISITOR, None, draft=mine, host_name="The house")
    with pytest.raises(Refused):
        actions.set_up(VISITOR, None, draft=theirs, host_name="Theirs")
    assert Account.objects.count() == 1


def test_a_draft_is_good_for_its_own_address_only() -> None:
    draft = credentials.newcomer("set_up", codes.digest("another address"), codes.key())
    address = f"/setup/{actions.make_set_up_token(SYSTEM)}"
    sent = HOUSE | {"draft": credentials.sealed(draft), "step": "skip"}
    assert Client().post("/setup/another-address", sent).status_code == 404
    assert 'role="alert"' in Client().post(address, sent).content.decode()
    assert not Account.objects.exists()
