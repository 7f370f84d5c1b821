"""Two at once: one card makes one account, one recovery code one passphrase, one address one steward."""

import pytest
from tests import make
from tests.deliberation.test_races import at_once

from withus.core import clock, codes
from withus.core.errors import Refused
from withus.people import actions, credentials, queries
from withus.people.models import Account, Instance, Invite, InviteBatch, Membership, RecoveryCode
from withus.people.offices import actions as offices
from withus.policy.facts import SYSTEM, VISITOR, Role

pytestmark = pytest.mark.usefixtures("own_database")


def test_the_same_form_four_times_at_once_is_one_account_and_four_sessions() -> None:
    code = make.card(make.organisation())
    draft = make.draft(code)
    assert at_once(*(lambda: actions.join(VISITOR, None, code=code, draft=draft) for _ in range(4))) == []
    assert Account.objects.count() == Membership.objects.count() == 1
    assert Account.objects.get().sessions.count() == 4


def test_of_four_people_with_one_card_one_gets_in() -> None:
    code = make.card(make.organisation())
    drafts = [make.draft(code) for _ in range(4)]
    wrong = at_once(*(lambda draft=draft: actions.join(VISITOR, None, code=code, draft=draft) for draft in drafts))
    assert [type(one) for one in wrong] == [Refused] * 3
    assert Account.objects.count() == Membership.objects.count() == 1
    assert not Invite.objects.exists()


def test_newcomers_do_not_get_in_each_others_way() -> None:
    _, cards = actions.invite(SYSTEM, make.organisation(), role=Role.PEER, size=20, ends_on=clock.today())
    drafts = [(code, make.draft(code)) for code in cards]
    wrong = at_once(*(lambda c=code, d=draft: actions.join(VISITOR, None, code=c, draft=d) for code, draft in drafts))
    assert wrong == []
    assert Account.objects.count() == 20
    assert not Invite.objects.exists()


def test_one_address_makes_one_steward() -> None:
    digest = codes.digest(actions.make_set_up_token(SYSTEM))
    mine, theirs = (credentials.newcomer("set_up", digest, codes.key()) for _ in range(2))
    wrong = at_once(
        *(lambda: actions.set_up(VISITOR, None, draft=mine, host_name="Mine") for _ in range(2)),
        *(lambda: actions.set_up(VISITOR, None, draft=theirs, host_name="Theirs") for _ in range(2)),
    )
    assert [type(one) for one in wrong] == [Refused] * 2
    assert Account.objects.count() == Membership.objects.count() == Instance.objects.count() == 1


def test_a_recovery_code_is_used_once() -> None:
    ana = make.somebody(Role.PEER, make.organisation())
    (code, *_) = actions.prepare(ana.actor, ana.account, key=ana.key)
    drafts = [queries.draft_for_recovery(VISITOR, ana.pseudonym, code) for _ in range(3)]
    wrong = at_once(*(lambda draft=draft: actions.recover(VISITOR, None, draft=draft) for draft in drafts))
    assert [type(one) for one in wrong] == [Refused] * 2
    assert RecoveryCode.objects.count() == 7


def test_two_sheets_at_once_leave_one() -> None:
    ana = make.somebody(Role.PEER, make.organisation())
    sheets: list[list[str]] = []
    wrong = at_once(*(lambda: sheets.append(actions.prepare(ana.actor, ana.account, key=ana.key)) for _ in range(2)))
    assert wrong == []
    assert len(sheets) == 2
    assert RecoveryCode.objects.count() == 8


def test_the_same_sheet_of_cards_is_made_once() -> None:
    organisation, sheets = make.organisation(), list[list[str]]()
    about = {"role": Role.PEER, "size": 8, "ends_on": clock.today(), "seed": codes.code(26)}
    wrong = at_once(*(lambda: sheets.append(actions.invite(SYSTEM, organisation, **about)[1]) for _ in range(3)))
    assert wrong == []
    assert sheets == [sheets[0]] * 3
    assert (InviteBatch.objects.count(), Invite.objects.count()) == (1, 8)


def test_of_two_successors_with_one_card_one_has_the_role_and_the_old_one_has_not() -> None:
    ministry = make.ministry()
    mina = make.somebody(Role.BODY_SECRETARY, ministry)
    about = {"role": Role.BODY_SECRETARY, "ends_on": clock.today()}
    _, code = offices.hand_over(mina.actor, ministry, **about)
    drafts = [make.draft(code) for _ in range(3)]
    wrong = at_once(*(lambda draft=draft: actions.join(VISITOR, None, code=code, draft=draft) for draft in drafts))
    assert [type(one) for one in wrong] == [Refused] * 2
    (held,) = Membership.objects.select_related("account")
    assert held.account.pseudonym in {draft.pseudonym for draft in drafts}


def test_two_cards_for_one_successor_are_not_made_at_once() -> None:
    ministry = make.ministry()
    mina = make.somebody(Role.BODY_SECRETARY, ministry)
    about = {"role": Role.BODY_SECRETARY, "ends_on": clock.today()}
    wrong = at_once(*(lambda: offices.hand_over(mina.actor, ministry, **about) for _ in range(3)))
    assert [type(one) for one in wrong] == [Refused] * 2
    assert InviteBatch.objects.filter(replaces__isnull=False).count() == Invite.objects.count() == 1
