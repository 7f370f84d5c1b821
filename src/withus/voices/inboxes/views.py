"""Pages of inboxes: the key of each for everybody, what lies in it for its readers, and the ceremony."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from withus.acting import must
from withus.core import codes
from withus.people.models import Organisation
from withus.people.queries import public_organisations
from withus.policy.rules import Action
from withus.voices import queries as voices
from withus.voices.findings.queries import public_groupable
from withus.voices.inboxes import actions, forms, queries, unlocking
from withus.voices.inboxes.models import Inbox
from withus.web.forms import Form
from withus.web.requests import Request, onward, saying_why_not, sent

PAGE = 25


def _organisation(code: str) -> Organisation:
    return get_object_or_404(public_organisations(), code=code)


def _inbox(code: str) -> Inbox:
    found = queries.public_inbox(_organisation(code))
    if found is None:
        raise Http404
    return found


def inbox(request: Request, code: str) -> HttpResponse:
    """The inbox of an organisation: how its key is compared, who may open it, and for readers what lies in it."""
    ours = _organisation(code)
    found, actor = queries.public_inbox(ours), request.actor
    seen: dict[str, Any] = {"organisation": ours, "inbox": found, "is_invented": ours.is_invented}
    seen |= {"readers": queries.public_number_of_readers(ours), "least": queries.LEAST_READERS}
    seen |= {"may_look": queries.may_look(actor, ours), "own": queries.own(actor, ours)}
    if seen["own"]:  # from her key, not from the row: whoever changed that would have her read out the wrong ones
        seen |= {"own_words": unlocking.fingerprint(unlocking.reading_pair(request.session_info.key).public)}
    if found:
        lying = voices.envelopes(actor, ours)
        seen |= {"page": Paginator(lying, PAGE).get_page(request.GET.get("page"))}
        key = request.session_info.key if request.session_info else b""
        seen |= {"people": queries.readers(actor, ours), "has_left": queries.has_left(actor, found)}
        seen |= {"unknown": queries.unknown(actor, found, key), "offering": queries.offering(actor, ours)}
        seen |= {"groupable": public_groupable(found)}
    return render(request, "voices/inboxes/inbox.html", seen)


def inbox_poster(request: Request, code: str) -> HttpResponse:
    """The words of an inbox's key for the wall: nothing else, whoever prints it."""
    found = _inbox(code)
    ours = found.organisation
    seen: dict[str, Any] = {"organisation": ours, "inbox": found, "is_invented": ours.is_invented}
    seen["address"] = request.build_absolute_uri(found.get_absolute_url())
    return render(request, "voices/inboxes/inbox_poster.html", seen)


def _paper(request: Request, organisation: Organisation, private: bytes) -> HttpResponse:
    """The paper key, shown once: then asked for, or skipped on purpose."""
    step, spelled = request.POST.get("step", ""), unlocking.on_paper(private)
    typed, again = request.POST if step == "typed" else None, {"seed": request.POST["seed"]}
    form = forms.PaperForm(typed, private=private, initial=again)
    if form.is_valid() or step == "skip":
        return onward("inbox", organisation.code)
    seen: dict[str, Any] = {"organisation": organisation, "inbox": queries.public_inbox(organisation), "form": form}
    seen |= {"paper": codes.grouped(spelled), "plain": spelled, "is_invented": organisation.is_invented}
    template = "check_paper" if step in {"check", "typed"} else "paper"
    return render(request, f"voices/inboxes/{template}.html", seen)


def _made(request: Request, organisation: Organisation) -> bytes | None:
    """The private half of the inbox in use, if it came of the form that is sent now once more."""
    there, seed = queries.public_inbox(organisation), request.POST.get("seed", "")
    made = unlocking.inbox_pair(request.session_info.key, seed)
    return made.private if there and bytes(there.public) == made.public else None


def _ceremony(
    request: Request, organisation: Organisation, subject: Any, form: Form, word: Action, do: Callable[..., bytes]
) -> HttpResponse:
    """A deed that ends with a paper key: its form, or the paper; of a form sent twice, the same paper twice."""
    must(request.actor, word, subject)
    if request.method == "POST" and (made := _made(request, organisation)):
        return _paper(request, organisation, made)
    if form.is_valid():
        with saying_why_not(form):
            made = do(request.actor, subject, key=request.session_info.key, **form.cleaned_data)
            return _paper(request, organisation, made)
    seen = {"form": form, "organisation": organisation, "word": word, "is_invented": organisation.is_invented}
    return render(request, "voices/inboxes/ceremony.html", seen)


def make_inbox(request: Request, code: str) -> HttpResponse:
    """Makes the organisation's inbox."""
    ours = _organisation(code)
    return _ceremony(request, ours, ours, forms.MakeInboxForm(sent(request)), Action.MAKE_INBOX, actions.make_inbox)


def renew_inbox(request: Request, code: str) -> HttpResponse:
    """Gives the inbox a new key."""
    found = _inbox(code)
    form = forms.RenewInboxForm(sent(request), reading=queries.readers(request.actor, found.organisation))
    return _ceremony(request, found.organisation, found, form, Action.RENEW_INBOX, actions.renew_inbox)


def recover_inbox(request: Request, code: str) -> HttpResponse:
    """Opens the inbox with its paper key."""
    found, form = _inbox(code), forms.RecoverInboxForm(sent(request))
    return _ceremony(request, found.organisation, found, form, Action.RECOVER_INBOX, actions.recover_inbox)


@require_POST
def offer_to_read(request: Request, code: str) -> HttpResponse:
    """Offers to read the inbox."""
    ours = _organisation(code)
    must(request.actor, Action.OFFER_TO_READ, ours)
    actions.offer_to_read(request.actor, ours, key=request.session_info.key)
    return onward("inbox", code)


def add_reader(request: Request, code: str) -> HttpResponse:
    """Lets one more person read."""
    found = _inbox(code)
    must(request.actor, Action.ADD_READER, found)
    form = forms.AddReaderForm(sent(request), offering=queries.to_add(request.actor, found, request.session_info.key))
    if form.is_valid():
        with saying_why_not(form):
            actions.add_reader(request.actor, found, key=request.session_info.key, **form.cleaned_data)
            return HttpResponseRedirect(found.get_absolute_url(), status=303)
    seen = {"form": form, "organisation": found.organisation, "is_invented": found.organisation.is_invented}
    return render(request, "voices/inboxes/add_reader.html", seen)
