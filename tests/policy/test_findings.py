"""Who makes findings of voices: whoever reads them, for a recognised organisation."""

import pytest
from tests.policy.test_rules import OTHER, Thing, somebody

from withus.policy.facts import Role
from withus.policy.rules import Action, decide


@pytest.mark.parametrize("action", [Action.PUBLISH_FINDING, Action.ADD_SOURCES, Action.TAKE_SOURCE_OUT])
def test_whoever_makes_findings_of_voices_reads_them(action: Action) -> None:
    editor = somebody(Role.PEER_EDITOR)
    assert decide(editor, action, Thing())
    assert "read this inbox" in decide(editor, action, Thing(reader_accounts=frozenset())).reason
    assert not decide(somebody(Role.PEER_EDITOR, OTHER), action, Thing())


def test_only_a_recognised_organisation_publishes_findings() -> None:
    verdict = decide(somebody(Role.ORG_STEWARD), Action.PUBLISH_FINDING, Thing(recognised=frozenset({OTHER})))
    assert "recognised" in verdict.reason
