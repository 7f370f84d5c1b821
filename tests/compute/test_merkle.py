"""The builder's side against the vectors and two foreign implementations."""

import hashlib
import json
import random
from typing import Any

import pymerkle
import pytest
import rfc8785
from tests.compute import golden_log as golden
from tests.compute.golden_log import keys, raw

from withus.compute import merkle, verifier, witness
from withus.compute.verifier import Checkpoint, leaf_hash


class Tree:
    """All hashes of a small tree, by level."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.leaves = leaves

    def read(self, nodes: Any) -> list[bytes]:
        """The roots of perfect subtrees."""
        return [verifier.tree_root(self.leaves[n << level : (n + 1) << level]) for level, n in nodes]


NUMBERED = [leaf_hash(f"leaf {number}".encode()) for number in range(5000)]


def tile(path: str) -> bytes:
    """A tile over the numbered leaves, by its path."""
    level, n, _, width = (*path.removeprefix("tile/").replace(".p/", "/p/").split("/"), "p", "256")[:4]
    step = 256 ** int(level)
    first = int(n) * 256
    return b"".join(
        verifier.tree_root(NUMBERED[number * step : (number + 1) * step]) for number in range(first, first + int(width))
    )


@pytest.mark.parametrize("row", golden.rows("trees"), ids=str)
def test_trees_are_built_as_others_build_them(row: dict[str, Any]) -> None:
    if row["kind"] == "root":
        frontier: list[bytes] = []
        for size in range(row["size"]):
            frontier = merkle.grow(frontier, size, leaf_hash(f"leaf {size}".encode()))
        assert merkle.root(frontier) == raw(row["root"])
        return
    if row["size"] > len(NUMBERED):
        NUMBERED.extend(leaf_hash(f"leaf {n}".encode()) for n in range(len(NUMBERED), row["size"]))
    if row["kind"] == "inclusion":
        path = merkle.inclusion_nodes(row["index"], row["size"])
    elif row["kind"] == "consistency":
        path = merkle.consistency_nodes(row["old"], row["size"])
    else:
        data = tile(row["path"])
        assert (len(data), hashlib.sha256(data).hexdigest()) == (row["bytes"], row["sha256"])
        return
    assert merkle.prove(path, Tree(NUMBERED[: row["size"]]).read) == [raw(node) for node in row["proof"]]


def test_proofs_of_every_small_tree_hold_and_bind() -> None:
    for size in range(1, 34):
        tree = Tree(NUMBERED[:size])
        root = verifier.tree_root(tree.leaves)
        for index in range(size):
            proof = merkle.prove(merkle.inclusion_nodes(index, size), tree.read)
            assert verifier.verify_inclusion(index, size, tree.leaves[index], proof, root)
            assert not verifier.verify_inclusion((index + 1) % size, size, tree.leaves[index], proof, root) or size == 1
        for old in range(1, size + 1):
            proof = merkle.prove(merkle.consistency_nodes(old, size), tree.read)
            assert verifier.verify_consistency(old, size, verifier.tree_root(NUMBERED[:old]), root, proof)
    for wrong in ((0, 0), (5, 5), (-1, 3)):
        with pytest.raises(ValueError, match="no entry"):
            merkle.inclusion_nodes(*wrong)
    with pytest.raises(ValueError, match="nothing to prove"):
        merkle.consistency_nodes(0, 0)


def test_roots_agree_with_a_foreign_tree() -> None:
    foreign = pymerkle.InmemoryTree(algorithm="sha256")
    frontier: list[bytes] = []
    for size, body in enumerate(golden.bodies()):
        foreign.append_entry(body)
        frontier = merkle.grow(frontier, size, leaf_hash(body))
        if size % 7 == 0:
            assert merkle.root(frontier) == foreign.get_root()


def anything(chance: random.Random, depth: int = 3) -> Any:
    """A random value that may stand in a record."""
    kind = chance.randrange(7 if depth else 4)
    if kind == 0:
        return chance.choice([True, False, None])
    if kind in (1, 2):
        return chance.randint(-(2**53) + 1, 2**53 - 1) if kind == 1 else chance.randint(-9, 9)
    if kind in (3, 4):
        return "".join(chance.choice('aZ09 "\\/é€😂ﬡ\n\t<>&\u2028') for _ in range(chance.randrange(9)))
    if kind == 5:
        return [anything(chance, depth - 1) for _ in range(chance.randrange(4))]
    return {f"{chance.choice('abcxyz')}_{n}": anything(chance, depth - 1) for n in range(chance.randrange(4))}


def test_records_agree_with_a_foreign_canonicaliser_and_are_read_back() -> None:
    chance = random.Random(3)
    for _ in range(3000):
        record = {"v": 1, "facts": anything(chance), "type": "x"}
        body = merkle.canonical(record)
        assert body == rfc8785.dumps(record)
        assert verifier.read_entry(body) == record


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        2**53,
        -(2**53),
        "e\u0301",
        "\ud800",
        "\x00",
        "\x7f",
        "\u0378",
        {"A": 1},
        {"": 1},
        {1: 1},
        (1,),
        b"x",
        "x" * 65_535,
    ],
    ids=str,
)
def test_the_door_refuses_what_could_be_read_in_two_ways(value: Any) -> None:
    with pytest.raises(merkle.Unfit):
        merkle.canonical({"a": value})


def test_the_door_refuses_bottomless_records() -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(merkle.Unfit, match="deeply"):
        merkle.canonical({"a": deep})


def test_signatures_are_byte_for_byte_those_of_the_sample_log() -> None:
    sample = golden.sample()
    seeds = {name: bytes.fromhex(seed) for name, seed in sample["seeds_hex"].items()}
    assert str(merkle.public_key(sample["origin"], seeds["log-1"])) == sample["vkey"]
    for note in sample["checkpoints"].values():
        text = note.partition("\n\n")[0] + "\n"
        signed = merkle.sign(verifier.parse_checkpoint(text), [seeds["log-1"]])
        when = [one.time for one in verifier.open_note(note.encode(), keys(sample["witness_vkeys"]))[1]]
        lines = [
            merkle.cosign(text, f"witness-{letter}.example/w", seeds[f"witness-{letter}"], moment)
            for letter, moment in zip("abc", when, strict=False)
            if moment is not None
        ]
        assert signed + "".join(lines) == note


def test_a_witness_answers_as_the_protocol_says() -> None:
    seen: dict[str, dict[str, witness.Seen]] = {}
    for row in sorted(golden.notes("witness"), key=lambda row: (row["source"], row["step"])):
        states = seen.setdefault(row["source"], {})
        key = verifier.read_key(row["log_vkey"])
        request = witness.read_request(row["request"].encode())
        answer = witness.decide(request, {key.name: [key]}, states.get(request.origin, witness.Seen()))
        assert (answer.status, answer.body) == (row["expect"], row.get("body") or ""), row["id"]
        if answer.checkpoint:
            states[request.origin] = witness.Seen(answer.checkpoint.size, answer.checkpoint.root)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 0",
        b"old 01\n\nx\n",
        b"old -1\n\nx\n",
        b"old 0\nAAAA\n\nx\n",
        b"old 0\n\n\n",
        b"\xff\n\nx\n",
        b"old 0\n" + b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" * 64 + b"\nx\n\n\xe2\x80\x94 x AAAAAAAA\n",
    ],
)
def test_a_witness_refuses_what_it_cannot_read(body: bytes) -> None:
    with pytest.raises(verifier.Wrong):
        witness.read_request(body)


def test_an_empty_log_with_a_root_is_not_cosigned() -> None:
    seed = bytes(range(32))
    key = merkle.public_key("x.example/log", seed)
    note = merkle.sign(Checkpoint("x.example/log", 0, bytes(32)), [seed])
    request = witness.read_request(b"old 0\n\n" + note.encode())
    assert witness.decide(request, {key.name: [key]}, witness.Seen()).status == 422
    other = merkle.sign(Checkpoint("x.example/log", 0, verifier.EMPTY_ROOT), [seed])
    request = witness.read_request(b"old 0\n\n" + other.encode())
    assert witness.decide(request, {key.name: [key]}, witness.Seen()).status == 200


def test_every_number_of_the_rfc_that_is_whole_is_written_so() -> None:
    for row in golden.canonical("number"):
        text = row["canonical"]
        if text.lstrip("-").isdigit() and abs(int(text)) < 2**53:
            assert json.loads(verifier.encode({"n": int(text)}))["n"] == int(text)
            assert verifier.encode(int(text)).decode() == text
