"""Every deed of voices, once, through the pages; each word and each secret of it is gathered, to be looked for."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import make
from tests.voices import files
from tests.voices.scene import Scene, come_back, for_a_story, send
from tests.voices.slips import enter, place, printed
from tests.voices.test_consent import second_inbox
from tests.voices.test_findings import answered, asked, publish
from tests.voices.test_inboxes import form, paper
from tests.voices.test_kept import hidden
from tests.voices.test_several_slips import several
from tests.voices.test_told import tell
from withus.core import clock, codes, keys, receipts
from withus.policy.facts import SYSTEM, Role
from withus.recommendations import actions as recommendations
from withus.recommendations.judging.models import Judgement
from withus.voices import carried, jobs, queries, sealed
from withus.voices.assisted.models import BlankSlip
from withus.voices.inboxes import queries as inboxes
from withus.voices.inboxes import unlocking
from withus.voices.models import Envelope, Voice

SPOKEN, SEEN = files.speech(40, "wav", "pcm_s16le"), files.photo()  # made before anybody listens to what is logged
KIND, AGREED = "works", "marked"  # of all voices and slips here, and of nothing that is published
SAID = {one: f"canary{one}" for one in ("text", "topic", "area")} | {"kind": KIND}
MORE, KEPT, ANSWER, HEARD = "canarymore", "canarykept", "canaryanswer", "canaryheard"
TYPED = {"receipt", "paper", "slip", "kept", "seed", "whose", "once"}  # what is sent with forms, and stored nowhere
PARTS = ("voices", "voices.assisted", "voices.consent", "voices.findings", "voices.inboxes", "voices.stories")


def addresses() -> set[str]:
    """Each address of voices, by its name, and the one where whoever has a receipt judges."""
    patterns = (one for part in PARTS for one in import_module(f"withus.{part}.urls").urlpatterns)
    return {one.name for one in patterns} | {"judge_by_receipt"}


@dataclass
class Watch:
    """What browsers do and carry: which addresses answered, and what nobody else may have."""

    done: set[str] = field(default_factory=set)
    secrets: set[str] = field(default_factory=set)

    def begin(self, patch: pytest.MonkeyPatch) -> "Watch":
        """From now on."""
        asks, posts = Client.request, Client.post

        def request(client: Client, **about: Any) -> Any:
            answer = asks(client, **about)
            if answer.status_code < 400:
                self.done.add(answer.resolver_match.url_name)
            self.secrets |= {one.value for one in answer.cookies.values() if len(one.value) > 20}
            return answer

        def post(client: Client, path: str, data: Any = None, **more: Any) -> Any:
            self.secrets |= {data[name] for name in TYPED & (data or {}).keys() if data[name]}
            return posts(client, path, data, **more)

        patch.setattr(Client, "request", request)
        patch.setattr(Client, "post", post)
        return self


@dataclass
class Run:
    """Who does it, and what must be found nowhere (`secrets`), or only in the database (`stored`)."""

    scene: Scene
    settings: Any
    watch: Watch
    secrets: list[bytes] = field(default_factory=list)
    words: set[str] = field(default_factory=lambda: {*SAID.values(), MORE, KEPT, ANSWER, HEARD} - {KIND})
    stored: set[str] = field(default_factory=set)
    pairs: list[tuple[str, str]] = field(default_factory=list)  # an entry code, and the voice that it led to
    retired: bytes = b""  # the first key of visits

    def by(self, who: make.Somebody, address: str, **said: Any) -> Any:
        """A reader's deed, which succeeds."""
        return self.posted(self.scene.of(who), address, **said)

    def posted(self, client: Client, address: str, **said: Any) -> Any:
        """A form that is taken."""
        answer = client.post(address, said)
        assert answer.status_code in {200, 303}, (address, answer.status_code)
        assert b'role="alert"' not in answer.content, (address, answer.content.decode())
        return answer

    def all_of_it(self) -> Iterator[str]:
        """One deed after another; in between is time to look."""
        self.makes_a_key()
        receipt = self.sends_with_files()
        finding = self.becomes_public(receipt)
        other = self.shares()
        self.is_typed_in(finding)
        self.judges(receipt, finding)
        self.renews_keys()
        yield "all is there"
        self.ends(receipt, other, finding)
        yield "ended"

    def makes_a_key(self) -> None:
        """The council's inbox, and one more reader of the peers' one, who is to go again."""
        scene, mina = self.scene, self.scene.of(self.scene.mina)
        at = f"/voices/inboxes/{scene.council.code}/"
        sent = form(mina.get(f"{at}make"))
        self.has_paper(paper(mina.post(f"{at}make", sent)), mina, f"{at}make", sent)
        mina.get(f"{at}poster")
        self.nia = make.somebody(Role.PEER_EDITOR, scene.peers)
        self.by(self.nia, f"{scene.place}offer")
        (offer,) = inboxes.to_add(scene.lu.actor, scene.inbox, scene.lu.key)
        self.by(scene.lu, f"{scene.place}add", reader=offer.pseudonym_and_words)
        private = inboxes.unlocked(scene.edi.actor, scene.inbox, scene.edi.key)
        self.knows(private, unlocking.reading_pair(scene.edi.key).private, scene.edi.key)
        assert private
        self.words.add(unlocking.on_paper(private))
        assert scene.of(scene.lu).get(scene.place).status_code == 200

    def has_paper(self, spelled: str, client: Client, address: str, sent: dict[str, str]) -> None:
        """The paper key was written down, and is typed in once."""
        self.words.add(spelled)
        self.knows(unlocking.from_paper(spelled))
        client.post(address, sent | {"step": "check"})
        self.posted(client, address, **sent | {"step": "typed", "paper": spelled})

    def knows(self, *secrets: bytes | None) -> None:
        """Bytes that lie nowhere in clear."""
        assert all(secrets)
        self.secrets += filter(None, secrets)

    def has(self, receipt: str) -> None:
        """A receipt that must be found in no spelling, nor what follows from it."""
        found = receipts.open_with(receipt)
        self.knows(found.wrap, found.own)
        self.words |= {receipt, receipts.in_words(receipt), receipts.in_words(receipt).replace(" ", "-")}
        self.words.add(codes.grouped(receipt))

    def retired_keys(self) -> tuple[bytes, bytes]:
        """The key of visits that was retired first, and the one that was retired last."""
        last = keys.read(carried.KEY_BEFORE)
        assert last
        return self.retired, last

    def opens(self, voice: Voice) -> Envelope:
        """Edi opens it and reads what was said."""
        scene, envelope = self.scene, voice.envelopes.get(inbox=self.scene.inbox)
        self.by(scene.edi, f"{envelope.get_absolute_url()}open")
        assert SAID["text"] in scene.of(scene.edi).get(envelope.get_absolute_url()).content.decode()
        opened = queries.opened(scene.edi.actor, envelope, scene.edi.key)
        assert opened
        self.knows(opened.rk)
        return envelope

    def sends_with_files(self) -> str:
        """A voice with a photo and speech; its receipt is typed in once, and it is answered and written down."""
        tablet, scene = Client(), self.scene
        about: dict[str, Any] = SAID | {"excluded": scene.council.code, "as_evidence": "on"} | for_a_story(scene)
        about["photos"] = [SimpleUploadedFile(f"{files.CANARY}.jpg", SEEN)]
        receipt = send(scene, tablet, audio=SimpleUploadedFile(f"{files.CANARY}.wav", SPOKEN), **about)
        self.has(receipt)
        self.posted(tablet, "/voices/receipt", step="typed", receipt=receipt)
        envelope, edi = self.opens(Voice.objects.get()), scene.of(scene.edi)
        at = envelope.get_absolute_url()
        self.by(scene.edi, f"{at}answer", text=ANSWER)
        self.by(scene.edi, f"{at}transcribe", text=HEARD)
        sound = SimpleUploadedFile(f"{files.CANARY}.webm", files.speech(), "audio/webm")
        self.posted(tablet, "/voices/more", text=MORE, audio=sound, as_evidence="on")
        page = come_back(Client(), receipt)
        assert all(word in page for word in (ANSWER, HEARD, MORE))
        refused = tablet.post("/voices/more", {"text": f"{MORE} {receipt}"})
        assert b'role="alert"' in refused.content
        assert edi.post(f"{at}4/original").content == SEEN
        assert edi.get(f"{at}1").status_code == tablet.get("/voices/enclosures/1").status_code == 200
        opened = queries.opened(scene.edi.actor, envelope, scene.edi.key)
        assert opened
        self.secrets += [opened.enclosure(number)[1][500:540] for number in range(1, 7)]  # type: ignore[index]
        self.by(scene.edi, f"{at}close")
        scene.of(scene.lu).get(f"{scene.place}openings")
        return receipt

    def becomes_public(self, receipt: str) -> Any:
        """A finding and a story of it, in other words; one more finding is taken back."""
        voice, edi, client = Voice.objects.get(), self.scene.of(self.scene.edi), Client()
        come_back(client, receipt)
        for may in ("no", "yes"):
            self.posted(client, "/voices/consent", may_be_told=may)
        edi.get(f"{self.scene.place}finding?voice={voice.code}")
        finding, short = (publish(self.scene, voice.code, text=f"Nobody gets {one}.") for one in ("enough", "any"))
        self.by(self.scene.edi, f"{self.scene.place}{voice.code}/out", finding=short.code)
        self.by(self.scene.edi, f"{short.get_absolute_url()}withdraw", reason="It was double.", language="en")
        story = tell(self.scene)
        for at in (finding.get_absolute_url(), f"{finding.get_absolute_url()}poster", story.get_absolute_url()):
            assert Client().get(at).status_code == Client().get(at.split(story.code)[0]).status_code == 200
        assert Client().get("/findings/").status_code == 200
        return finding

    def shares(self) -> str:
        """A voice of words alone: shared, attested, taken from one; words for it that came when its visit had ended."""
        scene, client = self.scene, Client()
        other, _ = second_inbox(make.recognised("Open Hands"))
        receipt = send(scene, Client(), **SAID, excluded=scene.council.code)
        self.has(receipt)
        page = come_back(client, receipt)
        self.posted(client, "/voices/counter-receipt", organisation=scene.peers.code)
        self.posted(client, "/voices/share", inbox=other.inboxes.get().code)
        assert Envelope.objects.filter(inbox__organisation=other).exists()
        self.posted(client, "/voices/take-from", organisation=other.code)
        now = clock.now
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(clock, "now", lambda: now() + timedelta(minutes=31))
            late = client.post("/voices/more", {"text": KEPT, "whose": hidden(page, "whose")})
            kept = hidden(late.content.decode(), "kept")
            client.post("/voices/return", {"receipt": receipt, "kept": kept})
            assert KEPT in self.posted(client, "/voices/more", kept=kept).content.decode()
        for way in ("end", "leave"):
            come_back(client, receipt)
            ends = client.post if way == "end" else client.get
            assert ends(f"/voices/{way}").status_code == 303
        return receipt

    def is_typed_in(self, finding: Any) -> None:
        """Slips: printed, one typed in, two at once, and one that stays blank."""
        scene, who = self.scene, make.somebody(Role.PEER_WORKER, self.scene.peers)
        wes, there = scene.of(who), set(Voice.objects.values_list("code", flat=True))
        first, second, third, blank = self.slips = printed(scene, wes, 4)
        for one in self.slips:
            self.has(one.receipt)
            self.knows(sealed.slip_pair(receipts.open_with(one.receipt).wrap).private)
        self.stored |= {one.number for one in self.slips}
        enter(
            scene, wes, first.number, **SAID | for_a_story(scene) | {"excluded": scene.council.code, "consent": AGREED}
        )
        voice = Voice.objects.exclude(code__in=there).get()
        sent = several(scene, wes, second.number, third.number, topic=SAID["topic"], area=SAID["area"])
        sent |= {f"slip{at}-{name}": SAID[name] for at in (1, 2) for name in ("text", "kind")}
        sent |= {f"slip{at}-consent": AGREED for at in (1, 2)}
        self.posted(wes, place(scene, "several"), **sent)
        assert [one.number for one in BlankSlip.objects.all()] == [blank.number]
        new = Voice.objects.exclude(code__in=there).values_list("code", flat=True)
        self.pairs = [(one.number, code) for one in self.slips for code in new]
        assert SAID["text"] in come_back(Client(), second.receipt)
        self.opens(voice)
        self.by(scene.edi, f"{finding.get_absolute_url()}sources", voices=[voice.code])

    def judges(self, receipt: str, finding: Any) -> None:
        """A body says that it is done, on the next day; whoever spoke says that it is not."""
        of = asked(self.scene, finding)
        answered(of)
        self.settings.WITHUS_TODAY = clock.today() + timedelta(days=1)
        self.scene.browsers.clear()
        about = {"text": "They say yes, from May on.", "recommendation": of.code, "language": "en"}
        self.by(self.scene.edi, f"{finding.get_absolute_url()}tell", **about)
        done = recommendations.deliver(SYSTEM, of, words="It is done.", language="en", commitment=None)
        client = Client()
        come_back(client, receipt)
        self.posted(client, f"/voices/judge/{done.code}", verdict="not_true")
        self.stored.add(Judgement.objects.get().mark)

    def renews_keys(self) -> None:
        """The inbox gets a new key without Nia, then another one by its paper; the key of visits is changed twice."""
        scene, place = self.scene, self.scene.place
        lu = scene.of(scene.lu)
        sent = form(lu.get(f"{place}renew")) | {"without": scene.peers.readers.get(account=self.nia.account).code}
        spelled = paper(lu.post(f"{place}renew", sent))
        self.has_paper(spelled, lu, f"{place}renew", sent)
        edi = scene.of(scene.edi)
        sent = form(edi.get(f"{place}recover")) | {"paper": spelled}
        self.has_paper(paper(edi.post(f"{place}recover", sent)), edi, f"{place}recover", sent)
        for _ in range(2):
            visit, day = keys.path_of(carried.KEY), clock.now().timestamp() - 25 * 3600
            self.retired = self.retired or visit.read_bytes()
            os.utime(visit, (day, day))
            assert jobs.renew_visit_key() == 1

    def ends(self, receipt: str, other: str, finding: Any) -> None:
        """Story and voices are taken back and erased."""
        client, again = Client(), Client()
        page = come_back(client, receipt)
        self.posted(client, f"/voices/stories/{page.partition('/stories/')[2].partition('/')[0]}/withdraw")
        come_back(again, other)
        self.posted(again, "/voices/withdraw")
        assert SAID["text"] in again.get("/voices/return").content.decode()
        for one in (client, again):
            assert "It is erased" in self.posted(one, "/voices/erase").content.decode()
