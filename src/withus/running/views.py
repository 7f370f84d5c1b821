"""The steward's pages about the house itself, and the two answers for monitors."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from withus.public_log.queries import public_trouble
from withus.running import actions, check, queries
from withus.web.requests import Request


@require_safe
def running(request: Request) -> HttpResponse:
    """How this house is, part by part."""
    instance = queries.house(request.actor)
    disk = queries.public_disk()
    seen = {"instance": instance, "parts": check.everything(), "disk": disk, "trouble": public_trouble()}
    return render(request, "running/running.html", seen)


@require_safe
def jobs(request: Request) -> HttpResponse:
    """What runs by itself, and when it last did."""
    queries.house(request.actor)
    seen = {"lines": queries.public_job_lines(), "trouble": public_trouble()}
    return render(request, "running/jobs.html", seen)


@require_safe
def back_ups(request: Request) -> HttpResponse:
    """The back-ups, how far the one that is being made is, and a button for a new one."""
    queries.house(request.actor)
    made = queries.back_ups(request.actor)
    waiting = next((one for one in made if one.is_waiting), None)
    seen = {"back_ups": made, "waiting": waiting, "trouble": public_trouble()}
    return render(request, "running/back_ups.html", seen)


@require_POST
def back_up(request: Request) -> HttpResponse:
    """Asks for a back-up."""
    actions.back_up(request.actor, queries.house(request.actor))
    return redirect("back_ups")


@require_safe
def healthz(request: Request) -> HttpResponse:
    """Whether the server answers at all."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@require_safe
def readyz(request: Request) -> HttpResponse:
    """Whether pages can be served: a line per part."""
    parts = check.essential()
    lines = "".join(f"{'ok' if part.ok else 'bad'} {part.part}\n" for part in parts)
    status = 200 if all(part.ok for part in parts) else 503
    return HttpResponse(lines, status=status, content_type="text/plain; charset=utf-8")
