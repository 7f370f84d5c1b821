"""Pages of voices: by forms alone, without a script, and nothing of them in the address."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from withus.acting import must
from withus.core import codes, receipts
from withus.pay.models import Work
from withus.people.queries import public_organisations, public_recognised_codes
from withus.policy.rules import Action
from withus.voices import actions, carried, forms, queries
from withus.voices.carried import Visit
from withus.voices.desk import pay_for
from withus.voices.enclosing import making, worker
from withus.voices.inboxes import queries as inboxes
from withus.voices.models import Envelope
from withus.voices.queries import Opened
from withus.voices.wording import Kind, Readers
from withus.web.forms import Form
from withus.web.ranges import ranged
from withus.web.requests import Request, saying_why_not, sent

PAGE = 50


def _to(name: str, *parts: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name, args=parts), status=303)


def contribute(request: Request) -> HttpResponse:
    """A new voice: the form, what will happen to it, or its receipt."""
    readers = Readers(inboxes.public_open_inboxes(), public_recognised_codes())
    about: dict[str, Any] = {"readers": readers, "organisations": public_organisations()}
    form = forms.ContributeForm(sent(request), request.FILES or None, initial={"slip": carried.new_slip()}, **about)
    is_looking, audience = "look" in request.POST, None
    if too_much := _is_cut(request):
        form.add_error(None, _("Together these files are larger than 16 MB. Send fewer, or smaller ones."))
    elif form.is_valid() and is_looking:
        audience = form.said["audience"]
    elif form.is_valid():
        with saying_why_not(form):
            opened = actions.contribute(request.actor, None, **form.said)
            answer = _to("receipt")
            carried.remember(request, answer, Visit(opened.receipt, opened.voice.code, opened.rk, is_first=True))
            return answer
    seen = {"form": form, "inboxes": readers.inboxes, "audience": audience, "lives": actions.LIVES.days}
    seen |= {"has_lost": bool(request.FILES) or too_much, "longest": worker.LONGEST}
    return render(request, "voices/contribute.html", seen, status=413 if too_much else 200)


def _is_cut(request: Request) -> bool:
    """Whether more came than one form may bring; the files of it are gone then, and what was typed is here."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return request.method == "POST" and int(length) > (settings.FILE_UPLOAD_MAX_MEMORY_SIZE or 0)


def receipt(request: Request) -> HttpResponse:
    """The receipt, in the first visit alone: shown, then asked for once, or skipped on purpose."""
    visit, step = carried.recall(request), request.POST.get("step", "")
    if visit is None or not visit.is_first:
        return _to("come_back")
    form = forms.ReceiptForm(request.POST if step == "typed" else None, receipt=visit.receipt)
    if form.is_valid() or step == "skip":
        answer = _to("come_back")
        carried.remember(request, answer, Visit(visit.receipt, visit.code, visit.rk))
        return answer
    seen = {"form": form, "plain": visit.receipt, "receipt": codes.grouped(visit.receipt)}
    seen |= {"leave": reverse("end_visit"), "words": receipts.in_words(visit.receipt)}
    seen |= {"address": request.build_absolute_uri(reverse("come_back"))}
    return render(request, "voices/check.html" if step in {"check", "typed"} else "voices/receipt.html", seen)


def come_back(request: Request) -> HttpResponse:
    """Takes a receipt, always with the same answer; then shows what lies under it, or that nothing does."""
    if request.method == "POST":
        answer = _to("come_back")
        carried.remember(request, answer, queries.public_visit(request.POST.get("receipt", "")))
        return answer
    visit = carried.recall(request)
    opened = queries.public_reopened(visit) if visit else None
    if opened is None:
        seen = {"form": forms.ComeBackForm(), "has_come": visit is not None}
        return render(request, "voices/come_back.html", seen)
    return _thread(request, opened, forms.SayMoreForm())


def _thread(request: Request, opened: Opened, form: forms.SayMoreForm) -> HttpResponse:
    """The conversation, for whoever has the receipt; each page of it makes the visit last."""
    seen = {"opened": opened, "form": form, "chain": queries.public_chain(opened.voice)}
    seen |= _about(opened, "own_enclosure")
    seen |= {"leave": reverse("end_visit")}
    answer = render(request, "voices/thread.html", seen)
    visit = carried.recall(request)
    assert visit is not None  # without one nothing is opened
    carried.remember(request, answer, visit)
    return answer


def _about(opened: Opened, name: str, *parts: str) -> dict[str, Any]:
    """What was said with the first words, in words, and what came with them, each with its address."""
    excluded = public_organisations().filter(code=opened.about["excluded"]).first()
    enclosed = [(one, reverse(name, args=[*parts, one.number])) for one in opened.enclosed]
    return {"kind": Kind(opened.about["kind"]).label, "excluded": excluded, "enclosed": enclosed}


def _enclosure(request: Request, opened: Opened | None, number: int) -> HttpResponse:
    """The bytes of speech or a photo, with the type that we made them in; 404 for whoever cannot open them."""
    content = opened.enclosure(number) if opened else None
    if opened is None or content is None:
        raise Http404
    return ranged(request, content, making.MEDIA[opened.enclosed[number - 1].kind], "attachment")


def own_enclosure(request: Request, number: int) -> HttpResponse:
    """What one sent oneself, in a visit with the receipt."""
    return _enclosure(request, _visited(request), number)


def _visited(request: Request) -> Opened | None:
    visit = carried.recall(request)
    return queries.public_reopened(visit) if visit else None


def say_more(request: Request) -> HttpResponse:
    """Adds words."""
    opened, form = _visited(request), forms.SayMoreForm(sent(request))
    if opened is None:
        return _to("come_back")
    if form.is_valid():
        with saying_why_not(form):
            actions.say_more(request.actor, opened, **form.said)
            return _to("come_back")
    return _thread(request, opened, form)


@require_POST
def withdraw_voice(request: Request) -> HttpResponse:
    """Takes it back from those who read it."""
    if opened := _visited(request):
        actions.withdraw_voice(request.actor, opened)
    return _to("come_back")


@require_POST
def erase_voice(request: Request) -> HttpResponse:
    """Erases it, and says what cannot be called back."""
    opened = _visited(request)
    if opened is None:
        return _to("come_back")
    actions.erase_voice(request.actor, opened)
    answer = render(request, "voices/erased.html", {"ends_on": opened.voice.ends_on})
    carried.forget(request, answer)
    return answer


@require_POST
def end_visit(request: Request) -> HttpResponse:
    """Forgets the visit on this device."""
    answer = _to("start")
    carried.forget(request, answer)
    return answer


def openings(request: Request, code: str) -> HttpResponse:
    """Who of the organisation opened what, on which day."""
    ours = get_object_or_404(public_organisations(), code=code)
    if not inboxes.may_look(request.actor, ours):
        raise Http404
    page = Paginator(queries.openings(request.actor, ours), PAGE).get_page(request.GET.get("page"))
    return render(request, "voices/openings.html", {"page": page, "organisation": ours})


def _envelope(request: Request, code: str, voice: str) -> Envelope:
    """What lies in an inbox that the reader has the key of; anything else is not there for her."""
    ours = get_object_or_404(public_organisations(), code=code)
    return get_object_or_404(queries.envelopes(request.actor, ours), voice__code=voice)


def voice(request: Request, code: str, voice: str) -> HttpResponse:
    """A voice for its readers: closed, until she says that she opens it today."""
    return _read(request, _envelope(request, code, voice), forms.AnswerVoiceForm())


def _read(request: Request, envelope: Envelope, form: Form, template: str = "voices/voice.html") -> HttpResponse:
    ours = envelope.inbox.organisation
    seen: dict[str, Any] = {"envelope": envelope, "organisation": ours, "form": form}
    seen |= {"pay": pay_for(ours, Work.TRANSCRIBING)}
    if queries.opened_today(request.actor, envelope):
        opened = queries.opened(request.actor, envelope, request.session_info.key)
        seen |= {"is_open": True, "opened": opened} | (_for_reader(envelope, opened) if opened else {})
    return render(request, template, seen)


def _for_reader(envelope: Envelope, opened: Opened) -> dict[str, Any]:
    return _about(opened, "enclosure", envelope.inbox.organisation.code, envelope.voice.code)


def enclosure(request: Request, code: str, voice: str, number: int) -> HttpResponse:
    """What somebody sent with her words, for a reader who opened it today."""
    found = _envelope(request, code, voice)
    if not queries.opened_today(request.actor, found):
        raise Http404
    return _enclosure(request, queries.opened(request.actor, found, request.session_info.key), number)


def _write(
    request: Request, envelope: Envelope, form: forms.Careful, word: Action, do: Callable[..., None], template: str
) -> HttpResponse:
    """Words of a reader that go into the voice: its page with their form, or the page with them."""
    must(request.actor, word, envelope)
    if form.is_valid():
        with saying_why_not(form):
            do(request.actor, envelope, key=request.session_info.key, **form.said)
            return HttpResponseRedirect(envelope.get_absolute_url(), status=303)
    return _read(request, envelope, form, template)


def transcribe_voice(request: Request, code: str, voice: str) -> HttpResponse:
    """Writes down what was said."""
    found, form = _envelope(request, code, voice), forms.TranscribeVoiceForm(sent(request))
    return _write(request, found, form, Action.TRANSCRIBE_VOICE, actions.transcribe_voice, "voices/transcribe.html")


@require_POST
def open_voice(request: Request, code: str, voice: str) -> HttpResponse:
    """Says that she opens it."""
    found = _envelope(request, code, voice)
    actions.open_voice(request.actor, found)
    return HttpResponseRedirect(found.get_absolute_url(), status=303)


def answer_voice(request: Request, code: str, voice: str) -> HttpResponse:
    """Answers it."""
    found, form = _envelope(request, code, voice), forms.AnswerVoiceForm(sent(request))
    return _write(request, found, form, Action.ANSWER_VOICE, actions.answer_voice, "voices/voice.html")


@require_POST
def close_voice(request: Request, code: str, voice: str) -> HttpResponse:
    """Closes it."""
    found = _envelope(request, code, voice)
    actions.close_voice(request.actor, found)
    return HttpResponseRedirect(found.get_absolute_url(), status=303)
