"""The log's pages, its files for those who check it, and the check of anything printed."""

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from withus.compute import verifier
from withus.compute.witness import SIZE_TYPE
from withus.core import codes
from withus.policy.facts import VISITOR, Actor
from withus.policy.rules import POLICY, Action
from withus.public_log import cosign, papers, publish, queries, tree
from withus.public_log.forms import VerifyForm

_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_SECONDS = "public, max-age=5"


def _text(content: str | bytes, cache: str = _FOR_SECONDS) -> HttpResponse:
    return HttpResponse(content, content_type="text/plain; charset=utf-8", headers={"Cache-Control": cache})


def _entry(seq: int) -> queries.Entry:
    found = queries.public_entry(seq)
    if found is None:
        raise Http404
    return found


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """How long the log is, how anyone checks it, and what entered last."""
    page = queries.public_entries().get_page(request.GET.get("page"))
    seen: dict[str, object] = {"printed_now": queries.public_words(), "checkpoint": queries.public_checkpoint()}
    asked = queries.public_witnesses()
    seen |= {"key": queries.public_key(), "witnesses": asked, "fresh": sum(one.is_fresh for one in asked)}
    seen |= {"page": page, "trouble": queries.public_trouble()}
    return render(request, "public_log/log.html", seen)


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The signed checkpoint, as C2SP's clients read it."""
    note = queries.public_note()
    if note is None:
        raise Http404
    return _text(note)


@require_safe
def log_key(request: HttpRequest) -> HttpResponse:
    """The log's public key."""
    key = queries.public_key()
    if not key:
        raise Http404
    return _text(f"{key}\n")


@require_safe
def tile(request: HttpRequest, name: str) -> HttpResponse:
    """A tile or bundle; a full one never changes."""
    path = f"tile/{name}"
    found = publish.folder() / path if tree.parsed(path) else None
    if found is None or not found.is_file():
        raise Http404
    return HttpResponse(
        found.read_bytes(), content_type="application/octet-stream", headers={"Cache-Control": _FOR_EVER}
    )


@require_safe
def verifier_file(request: HttpRequest) -> HttpResponse:
    """The program that checks a copy of the log, alone."""
    response = _text(Path(verifier.__file__).read_bytes())
    response["Content-Disposition"] = 'attachment; filename="verifier.py"'
    return response


@require_safe
def entry(request: HttpRequest, seq: int) -> HttpResponse:
    """One entry: what happened, the very bytes, and how to prove that it stands there."""
    found = _entry(seq)
    texts = queries.public_texts(found)
    seen = {"entry": found, "texts": texts, "facts": found.told.facts(texts)}
    seen |= {"checkpoint": queries.public_checkpoint(), "trouble": queries.public_trouble()}
    actor: Actor = getattr(request, "actor", VISITOR)
    seen["may_ask"] = bool(actor.roles & set(POLICY[Action.REDACT].roles))
    return render(request, "public_log/entry.html", seen)


@require_safe
def entry_json(request: HttpRequest, seq: int) -> HttpResponse:
    """An entry and its proof, for programs."""
    return JsonResponse(queries.public_proof_json(_entry(seq)), json_dumps_params={"ensure_ascii": False})


@require_safe
def entry_proof(request: HttpRequest, seq: int) -> HttpResponse:
    """The inclusion proof in C2SP's form."""
    proof = queries.public_proof(seq)
    if proof is None:
        raise Http404
    response = _text(bytes(proof))
    response["Content-Disposition"] = f'attachment; filename="entry-{seq}.tlog-proof"'
    return response


@require_safe
def witness_key(request: HttpRequest) -> HttpResponse:
    """Our public key as a witness of other logs."""
    key = cosign.public_key()
    if key is None:
        raise Http404
    return _text(f"{key}\n")


@require_POST
def add_checkpoint(request: HttpRequest) -> HttpResponse:
    """Another log asks us to cosign its checkpoint (C2SP tlog-witness)."""
    answer = cosign.add_checkpoint(request.body)
    kind = SIZE_TYPE if answer.status == 409 else "text/plain; charset=utf-8"
    return HttpResponse(answer.body, status=answer.status, content_type=kind)


@require_safe
def witnessed(request: HttpRequest, digest: str) -> HttpResponse:
    """The last checkpoint of a log that we cosigned."""
    note = cosign.seen(digest)
    if note is None:
        raise Http404
    return _text(note)


@require_safe
def verify_paper(request: HttpRequest) -> HttpResponse:
    """Whether what stands on a piece of paper is still true: a checkpoint's words, a code, or what we signed."""
    form = VerifyForm(request.GET if "printed" in request.GET else None)
    seen: dict[str, object] = {"form": form}
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data["printed"]
        if isinstance(typed, papers.Paper):
            seen |= {"paper": typed, "is_ours": papers.public_is_ours(typed)}
        elif isinstance(typed, str):
            found = queries.public_history(typed) or queries.public_history(codes.read_code(typed))
            seen |= {"code": typed, "history": found}
        else:
            seen["verdict"] = queries.public_verdict(*typed)
    return render(request, "public_log/verify_paper.html", seen)
