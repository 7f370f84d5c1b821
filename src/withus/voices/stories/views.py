"""Pages of stories: for everybody, for the peer editor who tells one, and the way back for whoever has the receipt."""

from contextlib import suppress

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from withus.acting import must
from withus.compute.sentences import first_sentence
from withus.core.errors import Refused
from withus.pay.models import Work
from withus.policy.rules import Action
from withus.texts.queries import public_said
from withus.voices import carried, kept
from withus.voices import queries as voices
from withus.voices.carried import Visit
from withus.voices.desk import pay_for
from withus.voices.reading import in_words, lying
from withus.voices.stories import actions, forms, queries
from withus.voices.stories.models import Story
from withus.voices.stories.queries import Tellable, Withdrawable
from withus.web.requests import Request, onward, saying_why_not, sent

PAGE = 20


def stories(request: Request) -> HttpResponse:
    """What is told, the newest first."""
    page = Paginator(queries.public_stories(), PAGE).get_page(request.GET.get("page"))
    told = [(one, one.said["text"], first_sentence(one.said["text"].text)) for one in public_said("story", page)]
    return render(request, "voices/stories/stories.html", {"page": page, "told": told})


def story(request: Request, code: str) -> HttpResponse:
    """One story; one that was taken back is not there, as if it had never been."""
    found = get_object_or_404(queries.public_stories(), code=code)
    (told,) = public_said("story", [found])
    ours = found.organisation
    seen = {"story": told, "is_invented": ours.is_invented, "is_ours": queries.may_tell(request.actor, ours)}
    return render(request, "voices/stories/story.html", seen)


def tell_story(request: Request, code: str, voice: str) -> HttpResponse:
    """Tells what somebody sent, if she said that it may be told."""
    envelope = lying(request, code, voice)
    ours, subject, key = envelope.inbox.organisation, Tellable(envelope), request.session_info.key
    must(request.actor, Action.TELL_STORY, subject)
    opened = voices.opened(request.actor, envelope, key) if voices.opened_today(request.actor, envelope) else None
    about = {name: opened.about[name] for name in ("topic", "area")} if opened else {}
    form = forms.TellStoryForm(sent(request), initial=about)
    if form.is_valid():
        with saying_why_not(form):
            told = actions.tell_story(request.actor, subject, key=key, **form.said)
            return HttpResponseRedirect(told.get_absolute_url(), status=303)
    seen = {"form": form, "envelope": envelope, "organisation": ours, "opened": opened}
    seen |= in_words(opened, "enclosure", code, voice) if opened else {}
    seen |= {"told": queries.public_story_of(envelope.voice.locator), "pay": pay_for(ours, Work.OTHER)}
    return render(request, "voices/stories/tell_story.html", seen)


@require_POST
def withdraw_story(request: Request, code: str) -> HttpResponse:
    """Takes a story back: in a visit with its receipt, or as one of those who tell it."""
    visit = carried.recall(request)
    found = queries.public_stories().filter(code=code).first()
    if visit and _is_of(request, visit, found):
        actions.withdraw_own(request.actor, visit)
        return taken_back(request)
    if found is None:
        if visit is None:
            raise Http404
        return onward("come_back")
    with suppress(Refused):  # another one of them took it back in this moment, as she wants it
        actions.withdraw_story(request.actor, Withdrawable(found, is_own=False))
    return onward("stories")


def _is_of(request: Request, visit: Visit, found: Story | None) -> bool:
    """Whether the form is of the visit's voice, by the mark in it; without one by the story, if it is still there.

    The form of those who tell it lies in the same browser as a visit where they share a device: it names no voice.
    """
    if kept.WHOSE in request.POST:
        return request.POST[kept.WHOSE] == kept.mark_of(visit)
    return found is None or found.locator == visit.locator


def taken_back(request: Request, *, is_counted: bool = True) -> HttpResponse:
    """Says that a story is gone, and until when older copies can hold it; kept by no browser, as it answers a form.

    It is not counted either, once it was taken from all its readers.
    """
    seen = {"copies_until": queries.public_copies_until(), "is_counted": is_counted}
    return render(request, "voices/stories/taken_back.html", seen)
