"""We ask others to cosign: what they answer, how they fail, and how they lie."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from tests.compute import golden_log as golden
from tests.public_log.fake_witness import WHEN, Witness, serving
from tests.public_log.test_publish import roll_back
from tests.public_log.writing import enter

from withus.compute import verifier, witness
from withus.compute.verifier import Folder, Kept, Policy, read_policy
from withus.core import clock, keys
from withus.public_log import anchor, identity, jobs, publish, queries, verify, witnesses
from withus.public_log.models import LogCosigned
from withus.public_log.witnesses import Said
from withus.running import check

pytestmark = pytest.mark.django_db


def write_policy(*asked: Witness, quorum: int = 1) -> Policy:
    """Our policy names these, and wants so many of them."""
    names = " ".join(one.name for one in asked)
    lines = [*(one.line for one in asked), f"group enough {quorum} {names}", "quorum enough", ""]
    keys.path_of(witnesses.POLICY_FILE).write_text("\n".join(lines))
    return read_policy("\n".join(lines).encode())


def own_key() -> verifier.Key:
    """The log's key."""
    key = identity.key()
    assert key is not None
    return key


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Witness]]:
    """A log of 21 entries that is published, and three witnesses that it asks."""
    monkeypatch.setattr(witnesses, "PATIENCE", 1.0)
    enter(20)
    publish.publish()
    found = [Witness(name, own_key()) for name in ("ash", "birch", "cedar")]
    with serving(*found):
        write_policy(*found, quorum=2)
        yield found


def answers() -> dict[str, str]:
    """What came of the last question to each."""
    return {one.name: one.row.answer for one in witnesses.asked()}


def later(seconds: float) -> None:
    """As if they had been asked so long ago."""
    for row in LogCosigned.objects.all():
        row.asked_at -= timedelta(seconds=seconds)
        row.save()


def test_nobody_is_asked_unless_the_policy_names_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a request left the house")

    monkeypatch.setattr(witnesses, "_together", never)
    enter(3)
    publish.publish()
    assert jobs.tell_witnesses() == 0
    keys.path_of(witnesses.POLICY_FILE).write_text("quorum none\n")
    assert jobs.tell_witnesses() == 0


def test_what_others_cosign_is_served_and_satisfies_an_outsiders_policy(client: Client, three: list[Witness]) -> None:
    assert jobs.tell_witnesses() == 3
    policy = witnesses.policy()
    result = verifier.check_log(Folder(publish.folder()), own_key(), Kept(policy=policy, max_age=60), WHEN + 30)
    assert (result.errors, len(result.witnesses)) == ([], 3)
    assert client.get("/log/checkpoint").content == (publish.folder() / "checkpoint").read_bytes()
    proof = verifier.read_proof(client.get("/log/entries/7.tlog-proof").content)
    leaf = verifier.leaf_hash(client.get("/log/entries/7.json").json()["entry"].encode())
    assert verifier.verify_proof(proof, leaf, [own_key()], list(policy.witnesses.values()), 3).size == 21
    assert verify.own_log().errors == []
    assert publish.publish() == 0


def test_they_are_asked_again_when_the_log_grows_and_once_a_day(three: list[Witness]) -> None:
    jobs.tell_witnesses()
    assert jobs.tell_witnesses() == 0
    assert [one.asked for one in three] == [1, 1, 1]
    enter(300)
    publish.publish()
    assert jobs.tell_witnesses() == 3
    assert [one.seen.size for one in three] == [321] * 3
    later(86_000)
    assert jobs.tell_witnesses() == 0
    later(1_000)
    three[0].when += 86_400
    assert jobs.tell_witnesses() == 3
    assert [one.asked for one in three] == [3] * 3
    row = LogCosigned.objects.get(signer__startswith="ash")
    assert row.cosigned_at is not None
    assert row.cosigned_at.timestamp() == WHEN + 86_400
    assert row.line in (publish.folder() / "checkpoint").read_text()


@pytest.mark.parametrize(
    ("does", "said"),
    [
        ("sleeps", Said.SILENT),
        ("500", Said.SILENT),
        ("404", Said.UNKNOWN),
        ("400", Said.REFUSED),
        ("403", Said.REFUSED),
        ("409", Said.REFUSED),
        ("422", Said.REFUSED),
        ("302", Said.REFUSED),
        ("lies", Said.FALSE),
        ("boasts", Said.AHEAD),
    ],
)
def test_one_that_fails_or_lies_changes_nothing_and_is_asked_more_seldom(
    three: list[Witness], does: str, said: Said
) -> None:
    three[1].does = does
    assert jobs.tell_witnesses() == 2
    assert answers() == {"ash": Said.COSIGNED, "birch": said, "cedar": Said.COSIGNED}
    shown = (publish.folder() / "checkpoint").read_bytes()
    signed = verifier.open_checkpoint(shown, [own_key()], witnesses.policy().witnesses.values())
    assert {one.key.name for one in signed.signatures} == {own_key().name, "ash.example/w", "cedar.example/w"}
    assert enter() == 21
    assert publish.publish() == 1
    asked = three[1].asked
    jobs.tell_witnesses()
    assert three[1].asked == asked
    three[1].does = ""
    later(11)
    assert jobs.tell_witnesses() == 1
    assert set(answers().values()) == {Said.COSIGNED}


def test_one_that_is_down_is_waited_for_longer_and_longer(three: list[Witness]) -> None:
    three[0].port = 1  # nobody listens there
    write_policy(*three)
    with clock.standing_still():  # a busy machine's second would be one too many
        assert jobs.tell_witnesses() == 2
        assert answers()["ash"] == Said.SILENT
        for pause in (10, 20, 40, 80):
            later(pause - 1)
            jobs.tell_witnesses()
            row = LogCosigned.objects.get(signer__startswith="ash")
            assert clock.now() - row.asked_at >= timedelta(seconds=pause - 1)
            later(1)
            jobs.tell_witnesses()
            assert LogCosigned.objects.get(signer__startswith="ash").failures == row.failures + 1


def test_a_slow_one_is_not_waited_for_twice(three: list[Witness]) -> None:
    three[2].does = "drips"  # a byte now and then: no single wait is too long
    assert jobs.tell_witnesses() == 2
    assert answers()["cedar"] == Said.SILENT
    later(11)
    assert jobs.tell_witnesses() == 0
    assert three[2].asked == 1


def test_one_that_remembers_less_or_more_than_we_do_is_asked_from_where_it_stands(three: list[Witness]) -> None:
    jobs.tell_witnesses()
    enter(300)
    publish.publish()
    three[0].seen = witness.Seen()  # it lost its memory
    LogCosigned.objects.filter(signer__startswith="birch").update(size=0)  # we lost ours
    assert jobs.tell_witnesses() == 3
    assert [one.asked for one in three] == [3, 3, 2]


def test_only_the_witnesss_own_line_reaches_readers(three: list[Witness]) -> None:
    three[0].does = "talks"
    assert jobs.tell_witnesses() == 3
    assert "somebody.else" not in (publish.folder() / "checkpoint").read_text()


def test_a_witness_that_shows_our_own_signature_over_more_stops_an_old_database(three: list[Witness]) -> None:
    jobs.tell_witnesses()
    anchor.path_of(own_key().name).unlink()  # an old back-up came back, and its guard was lost
    (publish.folder() / "checkpoint").unlink()
    LogCosigned.objects.all().delete()
    roll_back(10)
    for path in sorted(publish.folder().rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    publish.publish()
    assert jobs.tell_witnesses() == 0
    assert set(answers().values()) == {Said.AHEAD}
    with pytest.raises(anchor.RolledBack, match="has signed 21 entries, and the database holds 10"):
        enter()
    with pytest.raises(anchor.RolledBack):
        publish.publish()
    assert not check._log().ok


def test_a_policy_that_cannot_be_read_asks_nobody_and_is_told(three: list[Witness]) -> None:
    path = keys.path_of(witnesses.POLICY_FILE)
    for wrong in ("nonsense\n", f"witness ash {three[0].key}\nquorum ash\n"):
        path.write_text(wrong)
        with pytest.raises(verifier.Wrong):
            jobs.tell_witnesses()
        assert not check._log_and_witnesses().ok
        assert queries.public_witnesses() == []


def test_page_and_check_say_who_cosigned_and_how_fresh_it_is(client: Client, three: list[Witness]) -> None:
    for one in three:
        one.when = int(clock.now().timestamp())
    three[1].does = "404"
    jobs.tell_witnesses()
    page = client.get("/log/").content.decode()
    assert "2 of 3 signed within the last two days." in page
    assert "<bdi>birch</bdi> It does not know this log." in page
    part = check._log_and_witnesses()
    assert part.ok
    assert "2 of 3 witnesses signed within two days: ash 2" in part.says
    assert "birch It does not know this log." in part.says
    write_policy(*three, quorum=3)
    assert not check._log_and_witnesses().ok
    write_policy(*three, quorum=2)
    LogCosigned.objects.update(cosigned_at=clock.now() - timedelta(days=3))
    assert not check._log_and_witnesses().ok
    assert "0 of 3 signed within the last two days." in client.get("/log/").content.decode()


def test_a_boast_without_proof_is_told_but_does_not_stop_the_log(three: list[Witness]) -> None:
    three[0].does = "boasts"
    jobs.tell_witnesses()
    assert not check._log_and_witnesses().ok
    assert "1000000" in check._log_and_witnesses().says
    assert check._log().ok
    assert enter() == 21


def test_requests_are_those_of_the_vectors() -> None:
    for row in golden.notes("witness"):
        try:
            request = witness.read_request(row["request"].encode())
        except verifier.Wrong:
            continue
        assert witness.make_request(request.old, request.proof, request.note.decode()) == row["request"].encode()


@pytest.mark.parametrize("body", [b"", b"\n", b"\xff\n", b"x\n" * 17, b"no newline", b"\xe2\x80\x94 a b\n\n"])
def test_answers_that_are_no_cosignature_are_refused(body: bytes) -> None:
    key = Witness("ash", golden_key()).key
    with pytest.raises(verifier.Wrong):
        witness.read_cosignature(body, "text\n", key)


def golden_key() -> verifier.Key:
    """The key of the sample log."""
    return verifier.read_key(golden.sample()["vkey"])
