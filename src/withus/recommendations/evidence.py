"""What a recommendation rests on: read from what people type, and looked up again when it is shown."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from withus.core.errors import Refused, all_at_once
from withus.deliberation.models import Statement, StatementState
from withus.deliberation.queries import public_statements
from withus.processes.models import Process
from withus.recommendations.models import Evidence, EvidenceKind, Recommendation
from withus.voices.findings.models import Finding
from withus.voices.findings.queries import public_findings
from withus.web.addresses import leads_elsewhere

MOST, LONGEST = 20, 300
_STATEMENT = re.compile(r"/statements/([\w-]{1,64})")
_PROCESS = re.compile(r"/(?:processes|maps)/([\w-]{1,64})")
_FINDING = re.compile(r"/findings/([\w-]{1,64})")
_CODE = re.compile(r"[\w-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class Rest:
    """One thing here that a recommendation rests on, by its public code."""

    kind: EvidenceKind
    subject: str

    def row(self, of: Recommendation) -> Evidence:
        """As it is stored with what rests on it."""
        return Evidence(recommendation=of, kind=self.kind, subject=self.subject, added_on=of.written_on)


@dataclass(frozen=True)
class Shown:
    """Evidence as a page shows it; `is_gone` if it was taken back since."""

    kind: EvidenceKind
    words: str = ""
    language: str = ""
    address: str = ""
    is_gone: bool = False


def read(typed: str) -> tuple[list[Rest], str]:
    """Each line is the address or code of a statement, process or finding, or else words about a paper; raises Refused.

    The papers come by themselves, for they are free text, and two keys can take that away.
    """
    lines = list(dict.fromkeys(line.strip() for line in typed.splitlines() if line.strip()))
    if len(lines) > MOST:
        raise Refused(gettext("Name at most 20 things, a line for each."), "evidence")
    with all_at_once() as check:
        found = {line: check(_rest, line) for line in lines}
    return [rest for rest in found.values() if rest], "\n".join(line for line, rest in found.items() if rest is None)


def _rest(line: str) -> Rest | None:
    if len(line) > LONGEST:
        raise Refused(gettext("One line is longer than 300 characters. Say in short where it can be read."), "evidence")
    if leads_elsewhere(line):
        return None
    named = _STATEMENT.search(line)
    code = named[1] if named else line if _CODE.fullmatch(line) else ""
    if statement := Statement.objects.filter(code=code).first() if code else None:
        if statement.state != StatementState.ACCEPTED:
            raise Refused(
                gettext("One of these statements was taken back, declined, or still waits. Take it away."), "evidence"
            )
        return Rest(EvidenceKind.STATEMENT, statement.code)
    about = _PROCESS.search(line)
    code = about[1] if about else code
    if not named and code and Process.objects.filter(code=code).exists():
        return Rest(EvidenceKind.RESULTS, code)
    found = _FINDING.search(line)
    code = found[1] if found else code
    if not (named or about) and (finding := public_findings().filter(code=code).first() if code else None):
        if finding.is_withdrawn:
            raise Refused(gettext("One of these findings was taken back. Take it away."), "evidence")
        return Rest(EvidenceKind.FINDING, finding.code)
    if named or about or found:
        raise Refused(gettext("Nothing stands at %(line)s. Look at the address again.") % {"line": line}, "evidence")
    return None


def public_shown(evidence: Iterable[Evidence]) -> list[Shown]:
    """The evidence with its words of today: a question for each kind, however much there is."""
    found = list(evidence)
    statements = {
        one.code: one
        for one in public_statements().filter(code__in=[e.subject for e in found if e.kind == EvidenceKind.STATEMENT])
    }
    about = [e.subject for e in found if e.kind == EvidenceKind.RESULTS]
    processes = {one.code: one for one in Process.objects.filter(code__in=about)}
    named = [e.subject for e in found if e.kind == EvidenceKind.FINDING]
    findings = {one.code: one for one in public_findings().filter(code__in=named)}
    return [_shown(one, statements, processes, findings) for one in found]


def _shown(
    one: Evidence, statements: dict[str, Statement], processes: dict[str, Process], findings: dict[str, Finding]
) -> Shown:
    kind = EvidenceKind(one.kind)
    if kind is EvidenceKind.FINDING:
        finding = findings[one.subject]
        said = {"words": str(finding), "language": finding.language, "address": finding.get_absolute_url()}
        return Shown(kind, **said, is_gone=finding.is_withdrawn)
    if kind is EvidenceKind.RESULTS:
        process = processes[one.subject]
        return Shown(kind, process.title, process.language, f"{process.get_absolute_url()}results")
    statement = statements.get(one.subject)
    if statement is None or statement.state != StatementState.ACCEPTED:
        return Shown(kind, is_gone=True)
    return Shown(kind, statement.text, statement.language, statement.get_absolute_url())
