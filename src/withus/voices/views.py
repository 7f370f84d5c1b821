"""Pages of voices: by forms alone, without a script, and nothing of them in the address."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.db import DatabaseError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from withus.acting import must
from withus.core import codes, receipts
from withus.pay.models import Work
from withus.people import actions as people
from withus.people import sessions
from withus.people.models import OrganisationKind
from withus.people.queries import public_instance, public_organisations, public_recognised_codes
from withus.people.typed import TooLong
from withus.policy.rules import Action
from withus.voices import actions, carried, counter, forms, kept, queries
from withus.voices.carried import Visit
from withus.voices.desk import pay_for
from withus.voices.enclosing import making, worker
from withus.voices.findings.queries import counted_in, grouping, public_became
from withus.voices.inboxes import queries as inboxes
from withus.voices.models import Envelope
from withus.voices.queries import Opened
from withus.voices.reading import in_words, lying
from withus.voices.sending import LIVES, fit
from withus.voices.stories.queries import public_copies_until, public_story_of
from withus.voices.stories.views import taken_back
from withus.voices.visits import cleared, shown, visited
from withus.voices.wording import Readers
from withus.web.forms import Form
from withus.web.ranges import ranged
from withus.web.requests import Request, is_asked_here, onward, saying_why_not, sent

PAGE, OFFERED = 50, 5
ELSEWHERE = "https://www.wikipedia.org/"  # where whoever leaves quickly lands, if the house names no other page
TOO_LARGE = gettext_lazy("Together these files are larger than 16 MB. Send fewer, or smaller ones.")


def contribute(request: Request) -> HttpResponse:
    """A new voice: the form, what will happen to it, or its receipt; of a form that is used up nothing."""
    mark = carried.mark_of(request.POST.get("slip", ""))
    if mark and queries.public_is_spent(mark):
        return render(request, "voices/spent.html")
    readers = Readers(inboxes.public_open_inboxes(), public_recognised_codes())
    about: dict[str, Any] = {"readers": readers, "organisations": public_organisations()}
    form = forms.ContributeForm(sent(request), request.FILES or None, initial={"slip": carried.new_slip()}, **about)
    if too_much := _is_cut(request):
        form.add_error(None, TOO_LARGE)
    elif form.is_valid():
        with saying_why_not(form):
            if "look" not in request.POST:
                return _received(request, actions.contribute(request.actor, None, form=mark, **form.said), form, mark)
            fit(form.said["audience"], form.said["excluded"], may_be_told=form.said["may_be_told"])
    seen = {"form": form, "inboxes": readers.inboxes, "may_publish": readers.may_publish, "lives": LIVES.days}
    return render(request, "voices/contribute.html", seen | _files(request), status=413 if too_much else 200)


def _received(request: Request, opened: Opened, form: forms.ContributeForm, mark: str) -> HttpResponse:
    """On to the receipt; if the same form came before with other words, a page with these, to be added."""
    answer: HttpResponse = onward("receipt")
    if opened.is_other:
        more = forms.SayMoreForm(initial={"text": form.said["text"]})
        seen = {"form": more, "whose": kept.mark_of(opened)} | _files(request)
        answer = render(request, "voices/changed.html", seen)
    carried.remember(request, answer, replace(opened.visit, is_first=True, form=mark))
    return answer


def _is_cut(request: Request) -> bool:
    """Whether more came than one form may bring; the files of it are gone then, and what was typed is here."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return request.method == "POST" and int(length) > (settings.FILE_UPLOAD_MAX_MEMORY_SIZE or 0)


def _files(request: Request) -> dict[str, Any]:
    """What a form that takes speech and photos has to say of them."""
    most = {"most": settings.FILE_UPLOAD_MAX_MEMORY_SIZE, "too_large": TOO_LARGE, "longest": worker.LONGEST}
    return most | {"has_lost": bool(request.FILES) or _is_cut(request)}


def receipt(request: Request) -> HttpResponse:
    """The receipt, in the first visit alone: shown, then asked for once, or skipped on purpose."""
    visit, step = carried.recall(request), request.POST.get("step", "")
    if visit is None or not visit.is_first:
        return onward("come_back")
    form = forms.ReceiptForm(request.POST if step == "typed" else None, receipt=visit.receipt)
    if form.is_valid() or step == "skip":
        answer = onward("come_back")
        carried.remember(request, answer, replace(visit, is_first=False))
        return answer
    actions.spend(visit)
    seen = {"form": form, "plain": visit.receipt, "receipt": codes.grouped(visit.receipt)}
    seen |= {"words": receipts.in_words(visit.receipt)}
    seen |= {"address": request.build_absolute_uri(reverse("come_back"))}
    seen["is_visit"] = True
    return cleared(render(request, "voices/check.html" if step in {"check", "typed"} else "voices/receipt.html", seen))


def come_back(request: Request) -> HttpResponse:
    """Takes a receipt, always with the same answer; then shows what lies under it, or that nothing does."""
    if request.method == "POST":
        answer: HttpResponse = onward("come_back")
        if carries := request.POST.get(kept.FIELD):  # looks the same whatever the receipt opens
            answer = render(request, "voices/kept.html", {"kept": carries})
        carried.remember(request, answer, queries.public_visit(request.POST.get("receipt", "")))
        return answer
    visit = carried.recall(request)
    opened = queries.public_reopened(visit) if visit else None
    if opened:
        return _thread(request, opened, forms.SayMoreForm())
    told = _told_of(visit) if visit else {}
    if visit and (told["became"] or told["story"]):
        return cleared(shown(request, visit, "voices/told.html", told))
    seen = {"form": forms.ComeBackForm(), "has_come": visit}
    return render(request, "voices/come_back.html", seen)


def _asks_again(request: Request, visit: Visit | None) -> HttpResponse:
    """The visit has ended, or its receipt opens nothing: what was typed waits in the page that asks for a receipt."""
    seen: dict[str, Any] = {"has_come": visit}
    try:
        seen["is_kept"] = carries = kept.sealed(request)
    except TooLong:
        seen["is_too_long"], carries = True, ""
    if not carries and "is_too_long" not in seen:
        return onward("come_back")
    seen["form"] = forms.ComeBackForm(initial={kept.FIELD: carries})
    return render(request, "voices/come_back.html", seen, status=403)


def _put_back(request: Request, opened: Opened) -> HttpResponse:
    """The conversation, with what she had typed in its form; it is not sent."""
    text, is_others = kept.opened_for(opened, request.POST[kept.FIELD])
    form = forms.SayMoreForm(initial={"text": text})
    form.is_put_back = bool(text)
    return _thread(request, opened, form, is_others=is_others, is_lost=not text and not is_others)


def _thread(request: Request, opened: Opened, form: forms.SayMoreForm, **more: bool) -> HttpResponse:
    """The conversation, for whoever has the receipt; each page of it makes the visit last."""
    chain = queries.public_chain(opened.voice)
    lost = [one for one in chain if one.is_given_up]
    seen = {"opened": opened, "form": form, "chain": chain, "is_given_up": lost, "is_read": len(lost) < len(chain)}
    seen |= more | _told_of(opened.visit) | in_words(opened, "own_enclosure") | _files(request)
    visit = carried.recall(request) or opened.visit
    return shown(request, visit, "voices/thread.html", seen, status=413 if _is_cut(request) else 200)


def _told_of(visit: Visit) -> dict[str, Any]:
    """What peers made of it, for all to read, and the mark of whose it is for the forms beside that."""
    became, story = public_became(visit.locator), public_story_of(visit.locator)
    return {"became": became, "story": story, "whose": kept.mark_of(visit)}


def _enclosure(request: Request, opened: Opened | None, number: int) -> HttpResponse:
    """The bytes of speech or a photo, with the type that we made them in; 404 for whoever cannot open them."""
    found = opened.enclosure(number) if opened else None
    if found is None or found[0].is_original:
        raise Http404
    return ranged(request, found[1], making.MEDIA[found[0].kind], "attachment")


def own_enclosure(request: Request, number: int) -> HttpResponse:
    """What one sent oneself, in a visit with the receipt."""
    return _enclosure(request, visited(request), number)


def say_more(request: Request) -> HttpResponse:
    """Adds words, speech or photos; whoever has not seen her receipt yet sees it then."""
    visit, opened = carried.recall(request), visited(request)
    form = forms.SayMoreForm(sent(request), request.FILES or None)
    if visit is None or opened is None:
        return _asks_again(request, visit)
    if kept.FIELD in request.POST:
        return _put_back(request, opened)
    if _is_cut(request):
        form.add_error(None, TOO_LARGE)
    elif form.is_valid():
        with saying_why_not(form):
            actions.say_more(request.actor, opened, **form.said)
            return onward("receipt" if visit.is_first else "come_back")
    return _thread(request, opened, form)


@require_POST
def counter_receipt(request: Request) -> HttpResponse:
    """A paper to print which says that one of those who received it did."""
    opened = visited(request)
    named = [one for one in counter.receivers(opened) if one.code == request.POST.get("organisation")] if opened else []
    if opened is None or not named:
        return onward("come_back")
    paper = counter.made_out(opened, named[0])
    query = urlencode({"printed": f"{paper.line} {paper.signs}"})
    seen = {"paper": paper, "organisation": named[0]}
    seen |= {"address": request.build_absolute_uri(f"{reverse('verify_paper')}?{query}")}
    return cleared(render(request, "voices/counter_receipt.html", seen | {"is_visit": True}))


@require_POST
def withdraw_voice(request: Request) -> HttpResponse:
    """Takes it back from those who read it; of a story that ends with it a page says so."""
    if (opened := visited(request)) and actions.withdraw_voice(request.actor, opened):
        return taken_back(request, is_counted=False)
    return onward("come_back")


@require_POST
def erase_voice(request: Request) -> HttpResponse:
    """Erases it, and says what cannot be called back."""
    visit, opened = carried.recall(request), visited(request)
    if visit is None:
        return onward("come_back")
    seen: dict[str, Any] = {"locked_until": opened.locked_until if opened else None}
    if public_story_of(visit.locator):
        seen["copies_until"] = public_copies_until()
    actions.erase_voice(request.actor, visit)
    actions.spend(visit)
    answer = render(request, "voices/erased.html", seen)
    carried.forget(request, answer)
    return answer


@require_POST
def end_visit(request: Request) -> HttpResponse:
    """Forgets the visit on this device."""
    answer = onward("start")
    actions.spend(carried.recall(request))
    carried.forget(request, answer)
    return answer


@require_safe
def leave_quickly(request: Request) -> HttpResponse:
    """Ends the session and the visit of this browser, and leads to a page that everybody reads.

    A link, so that it needs no script; hence the one GET that ends something. Another site's link ends nothing, nor
    does a browser that only looks ahead. The way out is open also when nothing can be written.
    """
    house = public_instance()
    answer = HttpResponseRedirect((house and house.exit_address) or ELSEWHERE, status=303)
    if request.method == "GET" and is_asked_here(request):
        with suppress(DatabaseError):
            if request.session_info:
                people.sign_out(request.session_info.token)
            actions.spend(carried.recall(request))
        sessions.end(request)
        carried.forget(request, answer)
    return answer


def openings(request: Request, code: str) -> HttpResponse:
    """Who of the organisation opened what, on which day."""
    ours = get_object_or_404(public_organisations(), code=code)
    if not inboxes.may_look(request.actor, ours):
        raise Http404
    page = Paginator(queries.openings(request.actor, ours), PAGE).get_page(request.GET.get("page"))
    return render(request, "voices/openings.html", {"page": page, "organisation": ours})


def voice(request: Request, code: str, voice: str) -> HttpResponse:
    """A voice for its readers: closed, until she says that she opens it today."""
    return _read(request, lying(request, code, voice), forms.AnswerVoiceForm())


def _read(request: Request, envelope: Envelope, form: Form, template: str = "voices/voice.html") -> HttpResponse:
    ours = envelope.inbox.organisation
    seen: dict[str, Any] = {"envelope": envelope, "organisation": ours, "form": form}
    seen |= {"pay": pay_for(ours, Work.TRANSCRIBING)}
    if queries.opened_today(request.actor, envelope):
        opened = queries.opened(request.actor, envelope, request.session_info.key)
        seen |= {"is_open": True, "opened": opened} | (_for_reader(envelope, opened) if opened else {})
        seen |= {"counted": counted_in(request.actor, envelope), "grouping": grouping(request.actor, ours)[:OFFERED]}
        seen |= {"is_peers": ours.kind == OrganisationKind.PEER}
    return render(request, template, seen)


def _for_reader(envelope: Envelope, opened: Opened) -> dict[str, Any]:
    story = public_story_of(envelope.voice.locator)
    return in_words(opened, "enclosure", envelope.inbox.organisation.code, envelope.voice.code) | {"story": story}


def enclosure(request: Request, code: str, voice: str, number: int) -> HttpResponse:
    """What somebody sent with her words, for a reader who opened it today."""
    found = lying(request, code, voice)
    if not queries.opened_today(request.actor, found):
        raise Http404
    return _enclosure(request, queries.opened(request.actor, found, request.session_info.key), number)


@require_POST
def original(request: Request, code: str, voice: str, number: int) -> HttpResponse:
    """A file as it was sent, for a reader who opened the voice today: bytes to save, which no browser opens."""
    found = lying(request, code, voice)
    opened = queries.opened(request.actor, found, request.session_info.key)
    kept = opened.enclosure(number) if opened and queries.opened_today(request.actor, found) else None
    if kept is None or not kept[0].is_original:
        raise Http404
    answer = HttpResponse(kept[1], content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="original-{number}"'
    return answer


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
    found, form = lying(request, code, voice), forms.TranscribeVoiceForm(sent(request))
    return _write(request, found, form, Action.TRANSCRIBE_VOICE, actions.transcribe_voice, "voices/transcribe.html")


@require_POST
def open_voice(request: Request, code: str, voice: str) -> HttpResponse:
    """Says that she opens it."""
    found = lying(request, code, voice)
    actions.open_voice(request.actor, found, key=request.session_info.key)
    return HttpResponseRedirect(found.get_absolute_url(), status=303)


def answer_voice(request: Request, code: str, voice: str) -> HttpResponse:
    """Answers it."""
    found, form = lying(request, code, voice), forms.AnswerVoiceForm(sent(request))
    return _write(request, found, form, Action.ANSWER_VOICE, actions.answer_voice, "voices/voice.html")


@require_POST
def close_voice(request: Request, code: str, voice: str) -> HttpResponse:
    """Closes it."""
    found = lying(request, code, voice)
    actions.close_voice(request.actor, found, key=request.session_info.key)
    return HttpResponseRedirect(found.get_absolute_url(), status=303)
