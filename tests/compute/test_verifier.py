"""The verifier against every vector: RFC 6962, RFC 8785, C2SP, and attacks on a published copy."""

import base64
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.compute import golden_log as golden
from tests.compute.golden_log import Memory, keys, raw

from withus.compute import verifier
from withus.compute.verifier import Kept, Wrong
from withus.core import codes

SITUATIONS = ("alone", "remembered", "receipts", "witnesses")


def named(row: dict[str, Any]) -> str:
    """What pytest calls a row."""
    return str(row.get("id") or row.get("name"))


@pytest.mark.parametrize("row", golden.rows("inclusion"), ids=named)
def test_inclusion_proofs_hold_or_fail(row: dict[str, Any]) -> None:
    proof = [raw(node) for node in row["proof"]]
    held = verifier.verify_inclusion(row["leafIdx"], row["treeSize"], raw(row["leafHash"]), proof, raw(row["root"]))
    assert held is not row["wantErr"]


@pytest.mark.parametrize("row", golden.rows("consistency"), ids=named)
def test_consistency_proofs_hold_or_fail(row: dict[str, Any]) -> None:
    proof = [raw(node) for node in row["proof"]]
    held = verifier.verify_consistency(row["size1"], row["size2"], raw(row["root1"]), raw(row["root2"]), proof)
    assert held is not row["wantErr"]


@pytest.mark.parametrize("row", golden.notes("vkey"), ids=named)
def test_keys_are_read_strictly(row: dict[str, Any]) -> None:
    if row["expect"]:
        assert str(verifier.read_key(row["vkey"])) == row["vkey"]
    else:
        with pytest.raises(Wrong):
            verifier.read_key(row["vkey"])


@pytest.mark.parametrize("row", golden.notes("note"), ids=named)
def test_notes_open_only_with_true_signatures(row: dict[str, Any]) -> None:
    if row["expect"]:
        _, signatures = verifier.open_note(raw(row["note_b64"]), keys(row["vkeys"]))
        assert [one.key.name for one in signatures] == row["verified"]
    else:
        with pytest.raises(Wrong):
            verifier.open_note(raw(row["note_b64"]), keys(row["vkeys"]))


@pytest.mark.parametrize("row", golden.notes("checkpoint"), ids=named)
def test_checkpoints_open_and_parse_strictly(row: dict[str, Any]) -> None:
    logs, *witnesses = keys(row["vkeys"])
    if not row["expect"]:
        with pytest.raises(Wrong):
            verifier.open_checkpoint(raw(row["note_b64"]), [logs], witnesses)
        return
    found = verifier.open_checkpoint(raw(row["note_b64"]), [logs], witnesses)
    assert (found.origin, found.size, found.root, list(found.extensions)) == (
        row["origin"],
        row["size"],
        raw(row["root"]),
        row["extensions"],
    )
    assert [[one.key.name, one.key.type, one.time] for one in found.signatures] == row["verified"]


@pytest.mark.parametrize("place", [4, 11, 12, 43, 44, 1000, 2347, 2348, 2427, 2431])
def test_a_flipped_bit_in_an_ml_dsa_cosignature_spoils_it(place: int) -> None:
    row = next(row for row in golden.notes("checkpoint") if row["id"] == "checkpoint-49")
    note = raw(row["note_b64"])
    line = note.splitlines()[-1].decode()
    signature = bytearray(raw(line.split(" ")[2]))
    signature[place] ^= 1
    false = note.replace(line.split(" ")[2].encode(), base64.b64encode(signature))
    with pytest.raises(Wrong):
        verifier.open_note(false, keys(row["vkeys"]))


@pytest.mark.parametrize("row", golden.notes("proof"), ids=named)
def test_proofs_hold_only_for_their_entry_log_and_witnesses(row: dict[str, Any]) -> None:
    def verify() -> verifier.Checkpoint:
        proof = verifier.read_proof(raw(row["proof_b64"]))
        assert bytes(proof) == raw(row["proof_b64"])
        logs = [key for key in keys(row["log_vkeys"]) if key.name == row["origin"]]
        leaf = bytes.fromhex(row["leaf_hash"])
        return verifier.verify_proof(proof, leaf, logs, keys(row["witness_vkeys"]), row["quorum"])

    if row["expect"]:
        assert verify().origin == row["origin"]
    else:
        with pytest.raises(Wrong):
            verify()


@pytest.mark.parametrize("row", golden.notes("policy"), ids=named)
def test_policies_are_read_strictly_and_count_right(row: dict[str, Any]) -> None:
    if not row["expect"]:
        with pytest.raises(Wrong):
            verifier.read_policy(raw(row["policy_b64"]))
        return
    policy = verifier.read_policy(raw(row["policy_b64"]))
    _, signatures = verifier.open_note(raw(row["note_b64"]), [*policy.logs, *policy.witnesses.values()])
    assert policy.is_satisfied(signatures) is row["satisfied"]


@pytest.mark.parametrize("row", golden.notes("path"), ids=named)
def test_tiles_lie_where_others_look_for_them(row: dict[str, Any]) -> None:
    assert verifier.tile_path(row["level"], row["n"], row["width"]) == row["expect"]


@pytest.mark.parametrize("row", golden.canonical("leaf"), ids=lambda row: str(row["leaf_b64"])[:40])
def test_an_entry_has_one_form_only(row: dict[str, Any]) -> None:
    body = raw(row["leaf_b64"] or "")
    if row["repeat"]:
        unit, _, count = row["repeat"].partition(" x ")
        body = b'{"a":' + b"9" * 5000 + b"}" if "9" in unit else unit.encode() * int(count)
    if row["expect"]:
        assert isinstance(verifier.read_entry(body), dict)
    else:
        with pytest.raises(Wrong):
            verifier.read_entry(body)


@pytest.mark.parametrize("row", [row for row in golden.canonical("document") if row["integers_only"]], ids=named)
def test_documents_of_the_rfc_get_their_canonical_form(row: dict[str, Any]) -> None:
    value = json.loads(row["input"], parse_float=lambda text: int(float(text)))
    assert verifier.encode(value).decode() == row["canonical"]


def test_words_that_may_be_erased_are_true_wrong_or_erased() -> None:
    sample = golden.sample()
    for opening in sample["openings"]:
        record = json.loads(sample["entries"][opening["seq"]])
        commit = record["facts"][opening["label"].removeprefix("facts.")]["commit"]
        salt, words, path = bytes.fromhex(opening["salt_hex"]), opening["content"], opening["label"]
        assert verifier.read_opening(commit, path, (salt, words)) == "true"
        assert verifier.read_opening(commit, path, None) == "erased"
        for other in ((salt, words + "."), (salt + b"\0", words), (salt[:31], words)):
            assert verifier.read_opening(commit, path, other) == "wrong"
        assert verifier.read_opening(commit, "facts.other", (salt, words)) == "wrong"


def kept(situation: str) -> Kept:
    """What the golden rows mean by each situation."""
    modes = golden.sample()["modes"]
    if situation == "remembered":
        return Kept(checkpoints=[(f"{i}", note.encode()) for i, note in enumerate(modes["remembered"])])
    if situation == "receipts":
        return Kept(proofs=[(f"{i}", raw(one["proof_b64"])) for i, one in enumerate(modes["receipts"])])
    if situation == "witnesses":
        witnesses = modes["witnesses"]["vkeys"]
        lines = [f"witness w{i} {vkey}" for i, vkey in enumerate(witnesses)]
        members = " ".join(f"w{i}" for i in range(len(witnesses)))
        text = "\n".join([*lines, f"group g {modes['witnesses']['quorum']} {members}", "quorum g", ""])
        return Kept(policy=verifier.read_policy(text.encode()), max_age=modes["witnesses"]["max_age"])
    return Kept()


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("row", golden.rows("copies"), ids=named)
def test_every_attack_on_a_copy_is_found_where_it_can_be(row: dict[str, Any], situation: str) -> None:
    sample = golden.sample()
    copy = Memory({**sample["copy_at_300"], **row["files"]})
    key = verifier.read_key(sample["vkey"])
    result = verifier.check_log(copy, key, kept(situation), sample["modes"]["witnesses"]["now"])
    assert ("accept" if result.ok else "reject") == row["expect"][situation], result.errors


def test_the_honest_copy_says_what_it_holds() -> None:
    sample = golden.sample()
    result = verifier.check_log(Memory(sample["copy_at_300"]), verifier.read_key(sample["vkey"]), kept("remembered"))
    assert json.loads(result.as_json()) == {
        "ok": True,
        "size": 300,
        "root": "EoMNSpdVvvVAQvVPudTnslwKkYx8T45UvfK1t004aRk=",
        "checked_against": ["checkpoint 0 (size 200)", "checkpoint 1 (size 299)", "checkpoint 2 (size 300)"],
        "errors": [],
        "types": {
            "log.opened": 1,
            "recommendation.made": 75,
            "response.given": 75,
            "dissent.recorded": 75,
            "commitment.made": 74,
        },
        "witnesses": [],
    }


@pytest.mark.parametrize("size", [1, 2, 3, 4, 200, 255, 256, 257, 299, 300])
def test_a_printed_checkpoint_proves_what_stood_there(size: int) -> None:
    sample = golden.sample()
    root = verifier.parse_checkpoint(sample["checkpoints"][str(size)].partition("\n\n")[0] + "\n").root
    copy, key = Memory(sample["copy_at_300"]), verifier.read_key(sample["vkey"])
    paper = f"{size} {' '.join(verifier.printed_words(root))}"
    assert verifier.check_log(copy, key, Kept(printed=[verifier.read_printed(paper)])).ok
    other = f"{size} {' '.join(verifier.printed_words(hashlib.sha256(root).digest()))}"
    assert not verifier.check_log(copy, key, Kept(printed=[verifier.read_printed(other)])).ok


def test_a_printed_checkpoint_larger_than_the_log_proves_a_rollback() -> None:
    sample = golden.sample()
    paper = verifier.read_printed("301 " + " ".join(verifier.printed_words(bytes(32))))
    result = verifier.check_log(Memory(sample["copy_at_300"]), verifier.read_key(sample["vkey"]), Kept(printed=[paper]))
    assert result.errors == [(None, "the printed checkpoint shows 301 entries, this log only 300: it was rolled back")]


@pytest.mark.parametrize(
    "typed",
    [
        "1234 abandon act zoo zone about above absent cat",
        " 1,234  ABANDON, Act, zoo; zone — about.above-absent\ncat ",
        "1 234: aban act zoo zone abou abov abse cat",
        "1’234 abandons act zoology zones about above absence cat".replace("’", "'"),
        "١٢٣٤ aban act zoo zone abou abov abse cat",
    ],
)
def test_a_printed_checkpoint_is_read_however_it_is_typed(typed: str) -> None:
    words = ["abandon", "act", "zoo", "zone", "about", "above", "absent", "cat"]
    if "zoology" in typed:
        with pytest.raises(Wrong, match="'zoology' is not one of the words"):
            verifier.read_printed(typed)
    else:
        assert verifier.read_printed(typed) == (1234, words)


@pytest.mark.parametrize("typed", ["", "300", "word " * 8, "300 zoo", "300 " + "zoo " * 9, "300 " + "zzzz " * 8])
def test_what_is_no_printed_checkpoint_is_refused(typed: str) -> None:
    with pytest.raises(Wrong):
        verifier.read_printed(typed)


def test_the_verifier_carries_the_same_words_as_the_product() -> None:
    assert verifier.words() == codes.words()


def test_partial_tiles_may_give_way_to_full_ones() -> None:
    sample = golden.sample()
    full = {**sample["copy_at_300"]}
    at_200 = {**full, "checkpoint": None}
    copy = Memory(at_200)
    copy.files["checkpoint"] = sample["checkpoints"]["200"].encode()
    assert verifier.check_log(copy, verifier.read_key(sample["vkey"])).errors == []


def write(folder: Path, files: dict[str, str]) -> None:
    """Lays a published log into a folder."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(raw(data))


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Runs the file alone, as an outsider does: nothing of Withus can be imported."""
    return subprocess.run(
        [sys.executable, "-I", verifier.__file__, *words], capture_output=True, text=True, check=False, timeout=60
    )


def test_the_file_alone_checks_a_copy_and_ends_as_promised(tmp_path: Path) -> None:
    sample = golden.sample()
    write(tmp_path, sample["copy_at_300"])
    (tmp_path / "kept").write_text(sample["checkpoints"]["299"], "utf-8")
    good = run(str(tmp_path), "--key", sample["vkey"], "--checkpoint", str(tmp_path / "kept"))
    assert (good.returncode, good.stdout.splitlines()[-1]) == (0, "Everything holds.")
    (tmp_path / "tile/0/000").write_bytes(bytes(8192))
    bad = run(str(tmp_path), "--key", sample["vkey"], "--json")
    assert (bad.returncode, json.loads(bad.stdout)["errors"][0]) == (
        1,
        {"index": 0, "what": "tile/0/000: does not fit the entries"},
    )
    assert run(str(tmp_path)).returncode == 2
    assert run(str(tmp_path), "--key", "nonsense").returncode == 2
    assert run(str(tmp_path), "--key", sample["vkey"], "--printed", "3 no words").returncode == 2
    gone = run(str(tmp_path / "gone"), "--key", sample["vkey"])
    assert gone.returncode == 3
    assert gone.stderr.count("\n") == 1
    assert "Traceback" not in gone.stderr


def test_hostile_entries_do_not_stop_the_verifier() -> None:
    sample = golden.sample()
    copy, key = Memory(sample["copy_at_300"]), verifier.read_key(sample["vkey"])
    for body in (b"[" * 65_000, b'{"facts":[],"seq":true,"type":"log.opened"}', b'{"type":{"a":1}}', b"\xff", b""):
        entries = [body, *golden.bodies()[1:256]]
        copy.files["tile/entries/000"] = verifier.make_bundle(entries)
        result = verifier.check_log(copy, key)
        assert not result.ok
        assert result.as_json()
