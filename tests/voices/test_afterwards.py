"""What a receipt still opens once its words have ended, and how its owner ends that too."""

from django.test import Client

from tests.voices import found
from tests.voices.scene import Scene, come_back, filled, send
from withus.core import codes
from withus.voices.findings.models import Source
from withus.voices.models import Voice


def _ended(scene: Scene) -> str:
    """The receipt of a voice that counts in a finding, and whose words have ended."""
    before = set(Voice.objects.values_list("pk", flat=True))
    receipt = send(scene, Client())
    voice = Voice.objects.exclude(pk__in=before).get()
    found.finding(scene.peers)
    Source.objects.update(locator=voice.locator)
    voice.delete()
    return receipt


def test_whoever_has_the_receipt_ends_what_is_left_and_nobody_else_does(scene: Scene) -> None:
    receipt, tablet = _ended(scene), Client()
    other = Client()
    come_back(other, codes.code(16))
    assert other.post("/voices/erase").status_code == 200
    assert Source.objects.count() == 1
    assert "Let it count no more" in come_back(tablet, receipt)
    assert "It is erased" in tablet.post("/voices/erase").content.decode()
    assert not Source.objects.exists()
    assert "There is nothing under this receipt" in come_back(Client(), receipt)


def test_a_voice_that_is_erased_in_another_window_is_erased_once_more_without_a_mistake(scene: Scene) -> None:
    receipt, first, second = send(scene, Client()), Client(), Client()
    come_back(first, receipt)
    come_back(second, receipt)
    assert first.post("/voices/erase").status_code == 200
    assert second.post("/voices/withdraw").status_code == 303
    assert second.post("/voices/erase").status_code == 200
    assert not Voice.objects.exists()


def test_whoever_looks_before_she_has_written_it_down_can_see_her_receipt_again(scene: Scene) -> None:
    tablet = Client()
    tablet.post("/voices/new", filled(scene, tablet))
    assert tablet.get("/voices/return").status_code == 200
    assert 'id="receipt"' in tablet.get("/voices/receipt").content.decode()
