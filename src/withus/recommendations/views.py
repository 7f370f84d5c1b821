"""Pages of recommendations: what was sent, where it stands, and what each side can do now."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render

from withus.acting import must
from withus.core import clock
from withus.pay.queries import peers_of
from withus.policy.rules import Action
from withus.policy.who import OFFICE
from withus.processes.queries import public_bodies, public_open_bodies
from withus.recommendations import actions, forms, queries, wording
from withus.recommendations import desk as desks
from withus.recommendations import resting as resting
from withus.recommendations.conditions import ANSWER
from withus.recommendations.evidence import public_shown
from withus.recommendations.judging.queries import judging
from withus.recommendations.letters.queries import public_asked_in_vain, public_doubts, public_norm_of
from withus.recommendations.models import Recommendation
from withus.recommendations.own import Own
from withus.recommendations.walking import walked
from withus.web.forms import Form
from withus.web.requests import Request, saying_why_not, sent
from withus.web.tasks import in_stretches

PAGE, ON_A_DESK = 25, 50


def _found(code: str) -> Recommendation:
    return get_object_or_404(queries.public_whole(), code=code)


def recommendations(request: Request) -> HttpResponse:
    """All recommendations, or those to one body, or only some of these, the newest first."""
    code, some = request.GET.get("body", ""), request.GET.get("state", "")
    some = some if some in wording.SOME else ""
    body = public_bodies().filter(organisation__code=code).first() if code else None
    page = Paginator(queries.public_some(some, body), PAGE).get_page(request.GET.get("page"))
    lines = [wording.Line.of(one) for one in page]
    seen: dict[str, Any] = {"page": page, "lines": lines, "body": body, "some": some, "kinds": wording.SOME}
    seen |= {"addressee": queries.public_addressee(body)}
    return render(request, "recommendations/recommendations.html", seen)


def recommendation(request: Request, code: str) -> HttpResponse:
    """One recommendation: its words, its clock, what was answered, what is true of it."""
    found = _found(code)
    seen = {"recommendation": found, "line": wording.Line.of(found), "evidence": public_shown(found.evidence.all())}
    seen |= {"is_invented": found.body.organisation.is_invented, "checkable": queries.public_checkable(found)}
    seen |= {"norm": public_norm_of(found), "doubts": public_doubts(found), "of_others": Own(found).by_others}
    draft = queries.draft_for(request.actor, found)
    seen |= {"deeds": wording.deeds(found, draft), "draft": draft, "chain": wording.chain(found), "title": str(found)}
    seen |= {"next": wording.sent_on_to(found) or public_asked_in_vain(found)}
    seen |= walked(found, queries.public_pay_of_checks(found)) | {"ours": peers_of(request.actor)}
    info = request.session_info
    seen |= {"judging": judging(request.actor, found, info.key if info else None)}
    return render(request, "recommendations/recommendation.html", seen)


def desk(request: Request) -> HttpResponse:
    """What waits for the reader: for the bodies and the peer organisations for which she speaks."""
    day, waiting = clock.today(), desks.everything(request.actor)
    page = Paginator(waiting, ON_A_DESK).get_page(request.GET.get("page"))
    seen = {"page": page, "stretches": in_stretches(list(page), day), "past": waiting.past(day), "day": day}
    seen |= {"bodies": queries.bodies_of(request.actor), "is_office": request.actor.roles & {*OFFICE}}
    seen |= {"without_page": queries.bodies_to_open(request.actor)}
    seen |= {"speaking": queries.organisations_that_recommend(request.actor)}
    seen |= {"for_several": len({task.organisation for task in page}) > 1}
    if first := queries.opening_letter(request.actor):
        seen |= {"recommendation": first, "line": wording.Line.of(first), "deeds": wording.deeds(first)}
        seen |= {"checkable": queries.public_checkable(first)}
    return render(request, "recommendations/desk.html", seen)


def recommend(request: Request) -> HttpResponse:
    """A new recommendation or formal question."""
    speaking = queries.organisations_that_recommend(request.actor)
    must(request.actor, Action.RECOMMEND, queries.public_addressee(None))
    code = request.GET.get("body", "")
    chosen = {"body": code, "evidence": request.GET.get("evidence", "")}
    chosen |= queries.public_once_more(request.GET.get("again", ""))
    form = forms.RecommendForm(sent(request), organisations=speaking, bodies=public_bodies(), initial=chosen)
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            said = dict(form.cleaned_data)
            addressee = queries.public_addressee(said.pop("body"))
            made = actions.recommend(request.actor, addressee, **said)
            return HttpResponseRedirect(made.get_absolute_url(), status=303)
    to = public_bodies().filter(organisation__code=code).first()
    return render(request, "recommendations/recommend.html", {"form": form, "body": to})


def _deed(
    request: Request, found: Recommendation, form: Form, word: Action, do: Callable[..., Any], subject: Any = None
) -> HttpResponse:
    """The page of one deed on a recommendation: its form, or the deed."""
    subject = subject or found
    must(request.actor, word, subject)
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            do(request.actor, subject, **form.cleaned_data)
            return HttpResponseRedirect(found.get_absolute_url(), status=303)
    seen = {"form": form, "recommendation": found, "line": wording.Line.of(found), "words": wording.DEEDS[word]}
    seen |= {"draft": queries.draft_for(request.actor, found) if word in wording.WITH_DRAFT else None}
    return render(request, "recommendations/deed.html", seen | {"is_invented": found.body.organisation.is_invented})


def serve(request: Request, code: str) -> HttpResponse:
    """Says how a letter arrived."""
    return _deed(request, _found(code), forms.ServeForm(sent(request)), Action.SERVE, actions.serve)


def acknowledge(request: Request, code: str) -> HttpResponse:
    """Says that it has arrived."""
    return _deed(request, _found(code), forms.AcknowledgeForm(sent(request)), Action.ACKNOWLEDGE, actions.acknowledge)


def clarify(request: Request, code: str) -> HttpResponse:
    """Asks the one question back."""
    return _deed(request, _found(code), forms.ClarifyForm(sent(request)), Action.CLARIFY, actions.clarify)


def explain(request: Request, code: str) -> HttpResponse:
    """Answers the question back."""
    return _deed(request, _found(code), forms.ExplainForm(sent(request)), Action.EXPLAIN, actions.explain)


def extend(request: Request, code: str) -> HttpResponse:
    """Takes more time."""
    return _deed(request, _found(code), forms.ExtendForm(sent(request)), Action.EXTEND, actions.extend)


def _answering(request: Request, found: Recommendation, kind: type[forms.RespondForm]) -> forms.RespondForm:
    """The form of an answer, with what was drafted."""
    draft = queries.draft_for(request.actor, found)
    drafted = {name: getattr(draft, name) for name in ANSWER} if draft else {}
    drafted |= {"passed_to": draft.passed_to.code} if draft and draft.passed_to else {}
    others = public_open_bodies().exclude(pk=found.body_id)
    return kind(sent(request), bodies=others, initial=drafted)


def draft(request: Request, code: str) -> HttpResponse:
    """Writes an answer for a duty bearer to sign."""
    found = _found(code)
    return _deed(request, found, _answering(request, found, forms.DraftForm), Action.DRAFT, actions.draft)


def _of_the_draft(request: Request, found: Recommendation, kind: type[forms.EndorseForm]) -> forms.EndorseForm:
    """A form that says which draft its page shows."""
    draft = queries.draft_for(request.actor, found)
    return kind(sent(request), initial={"seen": draft.mark() if draft else ""})


def endorse(request: Request, code: str) -> HttpResponse:
    """Countersigns the drafted answer."""
    found = _found(code)
    return _deed(request, found, _of_the_draft(request, found, forms.EndorseForm), Action.ENDORSE, actions.endorse)


def send(request: Request, code: str) -> HttpResponse:
    """Sends the countersigned answer."""
    found = _found(code)
    return _deed(request, found, _of_the_draft(request, found, forms.SendForm), Action.SEND, actions.send)


def respond(request: Request, code: str) -> HttpResponse:
    """Signs and sends the answer."""
    found = _found(code)
    return _deed(request, found, _answering(request, found, forms.RespondForm), Action.RESPOND, actions.respond)


def correct(request: Request, code: str) -> HttpResponse:
    """Puts better words beside the last answer."""
    found = _found(code)
    answer = found.responses.filter(corrects=None, disowned_by=None).last()
    must(request.actor, Action.CORRECT, found)
    if answer is None:
        raise Http404
    form = forms.CorrectForm(sent(request), initial={"reason": answer.reason, "language": answer.language})
    return _deed(request, found, form, Action.CORRECT, lambda actor, _, **said: actions.correct(actor, answer, **said))


def commit(request: Request, code: str) -> HttpResponse:
    """Promises who does what by when."""
    return _deed(request, _found(code), forms.CommitForm(sent(request)), Action.COMMIT, actions.commit)


def deliver(request: Request, code: str) -> HttpResponse:
    """Says that a promise is kept, or that it is done."""
    found = _found(code)
    is_whole_open = found.course().is_whole_open
    form = forms.DeliverForm(sent(request), promises=found.open_promises(), is_whole_open=is_whole_open)
    return _deed(request, found, form, Action.DELIVER, actions.deliver)


def verify(request: Request, code: str) -> HttpResponse:
    """Says whether what was delivered is true."""
    found = _found(code)
    speaking = queries.organisations_that_recommend(request.actor)
    rates = [rate for one in speaking for rate in queries.public_rates_of_checks(one)]
    form = forms.VerifyForm(sent(request), organisations=speaking, deliveries=found.to_check(), rates=rates)
    return _deed(request, found, form, Action.VERIFY, actions.verify, queries.public_checkable(found))


def dissent(request: Request, code: str) -> HttpResponse:
    """Puts dissent beside the answer."""
    return _deed(request, _found(code), forms.DissentForm(sent(request)), Action.DISSENT, actions.dissent)
