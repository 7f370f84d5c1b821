"""Pages of findings: for everybody what peers found and what became of it; for readers of an inbox how one is made."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from withus.acting import must
from withus.core.errors import Refused
from withus.pay.models import Work
from withus.people.queries import public_organisations
from withus.policy.rules import Action
from withus.policy.who import EDITORS
from withus.texts.queries import public_said
from withus.voices.desk import pay_for
from withus.voices.findings import actions, forms, queries
from withus.voices.findings.models import Finding
from withus.voices.findings.queries import Became
from withus.voices.findings.wording import DEEDS, sources_in_words
from withus.voices.inboxes.queries import public_inbox
from withus.voices.reading import lying
from withus.voices.wording import Kind
from withus.web.forms import Form
from withus.web.requests import Request, saying_why_not, sent

PAGE = 25


def _became(code: str) -> Became:
    found = queries.public_findings().filter(code=code)
    get_object_or_404(found)
    return queries.public_became_of(found)[0]


def findings(request: Request) -> HttpResponse:
    """All findings, or those about one topic, in one area, or of one organisation."""
    some = {name: request.GET.get(name, "") for name in ("topic", "area", "organisation")}
    about = {"topic__iexact": some["topic"], "area__iexact": some["area"], "organisation__code": some["organisation"]}
    page = Paginator(queries.public_some(**about), PAGE).get_page(request.GET.get("page"))
    seen: dict[str, Any] = {"page": page, "lines": [(one, Kind(one.kind).label) for one in page]}
    return render(request, "voices/findings/findings.html", seen | {"some": [word for word in some.values() if word]})


def finding(request: Request, code: str) -> HttpResponse:
    """A finding: what peers say, of how many voices, what rests on it, and what those who spoke were told."""
    became = _became(code)
    found = public_said("finding", [became.finding])[0]
    seen = {"finding": found, "became": became, "kind": Kind(found.kind).label, "title": str(found)}
    seen |= {"sources": sources_in_words(found), "is_invented": found.organisation.is_invented}
    is_ours = found.organisation_code in request.actor.organisations(*EDITORS)
    seen |= {"is_alone": is_ours and queries.standing_alone(request.actor).filter(pk=found.pk).exists()}
    seen |= {"is_ours": is_ours, "untold": queries.public_untold(found) if is_ours else []}
    return render(request, "voices/findings/finding.html", seen)


def finding_poster(request: Request, code: str) -> HttpResponse:
    """You said, they answered: a sheet for the wall of the place where it was said."""
    became = _became(code)
    seen = {"finding": became.finding, "became": became, "is_invented": became.finding.organisation.is_invented}
    seen |= {"address": request.build_absolute_uri(became.finding.get_absolute_url())}
    return render(request, "voices/findings/finding_poster.html", seen)


def publish_finding(request: Request, code: str) -> HttpResponse:
    """Makes a finding of voices that she has opened."""
    ours = get_object_or_404(public_organisations(), code=code)
    inbox = get_object_or_404(ours.inboxes.all(), pk=getattr(public_inbox(ours), "pk", 0))
    subject = queries.public_groupable(inbox)
    must(request.actor, Action.PUBLISH_FINDING, subject)
    key = request.session_info.key
    chosen = {"voices": request.GET.getlist("voice")}
    form = forms.PublishFindingForm(sent(request), voices=queries.offered(request.actor, ours, key), initial=chosen)
    if form.is_valid():
        with saying_why_not(form):
            made = actions.publish_finding(request.actor, subject, key=key, **form.said)
            return HttpResponseRedirect(made.get_absolute_url(), status=303)
    seen = {"form": form, "organisation": ours, "pay": pay_for(ours, Work.OTHER), "is_invented": ours.is_invented}
    return render(request, "voices/findings/publish_finding.html", seen)


def _deed(
    request: Request, found: Finding, form: Form, word: Action, do: Callable[..., Any], **more: Any
) -> HttpResponse:
    """The page of one deed on a finding: its form, or the deed."""
    if form.is_valid():
        with saying_why_not(form):
            do(request.actor, found, **more, **getattr(form, "said", form.cleaned_data))
            return HttpResponseRedirect(found.get_absolute_url(), status=303)
    seen = {"form": form, "finding": found, "words": DEEDS[word], "pay": pay_for(found.organisation, Work.OTHER)}
    seen |= {"organisation": found.organisation, "is_invented": found.organisation.is_invented}
    return render(request, "voices/findings/deed.html", seen)


def _found(request: Request, code: str, word: Action) -> Finding:
    found = get_object_or_404(queries.public_findings(), code=code)
    must(request.actor, word, found)
    return found


def add_sources(request: Request, code: str) -> HttpResponse:
    """Counts more voices in it."""
    found, key = _found(request, code, Action.ADD_SOURCES), request.session_info.key
    there = set(found.sources.values_list("locator", flat=True))
    some = queries.offered(request.actor, found.organisation, key)
    left = [one for one in some if one.envelope.voice.locator not in there]
    form = forms.AddSourcesForm(sent(request), voices=left, initial={"voices": request.GET.getlist("voice")})
    return _deed(request, found, form, Action.ADD_SOURCES, actions.add_sources, key=key)


def withdraw_finding(request: Request, code: str) -> HttpResponse:
    """Takes it back."""
    found, form = _found(request, code, Action.WITHDRAW_FINDING), forms.WithdrawFindingForm(sent(request))
    return _deed(request, found, form, Action.WITHDRAW_FINDING, actions.withdraw_finding)


def tell_back(request: Request, code: str) -> HttpResponse:
    """Tells those who spoke what was decided."""
    found = _found(request, code, Action.TELL_BACK)
    form = forms.TellBackForm(sent(request), links=queries.public_untold(found))
    return _deed(request, found, form, Action.TELL_BACK, actions.tell_back)


@require_POST
def take_source_out(request: Request, code: str, voice: str) -> HttpResponse:
    """Counts a voice no more in one of the findings of its inbox's organisation."""
    envelope = lying(request, code, voice)
    found = get_object_or_404(envelope.inbox.organisation.findings.all(), code=request.POST.get("finding", ""))
    try:
        actions.take_source_out(request.actor, found, key=request.session_info.key, voice=envelope)
    except Refused as no:
        seen = {"finding": found, "envelope": envelope, "why": no.sentence}
        return render(request, "voices/findings/take_source_out.html", seen)
    return HttpResponseRedirect(envelope.get_absolute_url(), status=303)
