"""Another log asks us to be its witness."""

import hashlib

import pytest
from django.test import Client
from tests.compute import golden_log as golden
from tests.public_log.writing import enter

from withus.compute import verifier
from withus.core import keys
from withus.public_log import cosign

pytestmark = pytest.mark.django_db


@pytest.fixture
def watching() -> None:
    """We are a witness of the logs in the vectors."""
    enter()
    vkeys = {row["log_vkey"] for row in golden.notes("witness")}
    lines = [*(f"log {vkey}" for vkey in sorted(vkeys)), "quorum none", ""]
    keys.path_of(cosign.POLICY_FILE).write_text("\n".join(lines))


@pytest.mark.usefixtures("watching")
def test_the_protocol_is_answered_as_others_answer_it(client: Client) -> None:
    ours = verifier.read_key(client.get("/witness/key").content.decode().strip())
    for row in sorted(golden.notes("witness"), key=lambda row: (row["source"], row["step"])):
        answer = client.post("/witness/add-checkpoint", row["request"], content_type="text/plain; charset=utf-8")
        assert answer.status_code == row["expect"], row["id"]
        if answer.status_code == 409:
            assert (answer.content.decode(), answer["Content-Type"]) == (row["body"], "text/x.tlog.size")
        if answer.status_code == 200:
            note = row["request"].partition("\n\n")[2] + answer.content.decode()
            cosigned = verifier.open_checkpoint(note.encode(), [verifier.read_key(row["log_vkey"])], [ours])
            assert [one.key for one in cosigned.signatures][-1] == ours
            digest = hashlib.sha256(cosigned.origin.encode()).hexdigest()
            assert client.get(f"/witness/{digest}/checkpoint").content.decode() == note


def test_without_a_policy_we_are_nobodys_witness(client: Client) -> None:
    enter()
    request = golden.notes("witness")[0]["request"]
    assert client.post("/witness/add-checkpoint", request, content_type="text/plain").status_code == 404
    assert client.post("/witness/add-checkpoint", b"\xff", content_type="text/plain").status_code == 400
    assert client.get(f"/witness/{'0' * 64}/checkpoint").status_code == 404


def test_before_our_own_log_is_opened_we_have_no_name_to_sign_under(client: Client) -> None:
    assert client.get("/witness/key").status_code == 404
