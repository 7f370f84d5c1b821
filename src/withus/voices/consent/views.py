"""Pages for whoever has the receipt: what may be done with her voice, and who reads it. Nothing is in the address."""

from django.http import HttpResponse
from django.utils.html import format_html_join
from django.views.decorators.http import require_POST

from withus.voices import carried, counter
from withus.voices.consent import actions, forms, queries
from withus.voices.queries import Opened, public_chain
from withus.voices.stories.queries import public_story_of
from withus.voices.stories.views import taken_back
from withus.voices.visits import shown, visited
from withus.web.forms import Form
from withus.web.requests import Request, onward, saying_why_not, sent


def _page(request: Request, opened: Opened, form: Form | None = None, sharing: Form | None = None) -> HttpResponse:
    now = {"may_be_told": forms.YES if opened.voice.may_be_told else forms.NO}
    others = queries.public_others(opened)
    seen = {"form": form or forms.SetConsentForm(initial=now), "chain": public_chain(opened.voice)}
    seen |= {"sharing": sharing or forms.ShareVoiceForm(others=others), "others": others}
    tellers = format_html_join(", ", "<bdi>{}</bdi>", ((one.name,) for one in queries.public_tellers(opened)))
    seen |= {"tellers": tellers, "story": public_story_of(opened.voice.locator)}
    return shown(request, carried.recall(request) or opened.visit, "voices/consent/set_consent.html", seen)


def set_consent(request: Request) -> HttpResponse:
    """Whether it may be told."""
    opened = visited(request)
    if opened is None:
        return onward("come_back")
    form = forms.SetConsentForm(sent(request)) if request.method == "POST" else None
    if form is None or not form.is_valid():
        return _page(request, opened, form)
    with saying_why_not(form):
        if actions.set_consent(request.actor, opened, **form.cleaned_data):
            return taken_back(request)
        return onward("come_back")
    return _page(request, opened, form)


@require_POST
def share_voice(request: Request) -> HttpResponse:
    """Lets one more organisation read it."""
    opened = visited(request)
    if opened is None:
        return onward("come_back")
    form = forms.ShareVoiceForm(request.POST, others=queries.public_others(opened))
    if form.is_valid():
        with saying_why_not(form):
            actions.share_voice(request.actor, opened, **form.cleaned_data)
            return onward("set_consent")
    return _page(request, opened, sharing=form)


@require_POST
def take_from(request: Request) -> HttpResponse:
    """Takes it from one organisation; sent twice, there is nothing left to take. What ends besides, a page says."""
    opened = visited(request)
    if opened is None:
        return onward("come_back")
    asked = request.POST.get("organisation")
    one = next((one for one in counter.receivers(opened) if one.code == asked), None)
    if one and actions.take_from(request.actor, opened, organisation=one):
        return taken_back(request, is_counted=bool(counter.receivers(opened)))
    return onward("set_consent")
