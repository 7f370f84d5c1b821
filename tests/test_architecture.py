"""The conventions of docs/architecture.md, executed. Each failure says what to do."""

import ast
import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.forms import BaseForm
from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from withus.policy.rules import POLICY, Action

SOURCE = Path(__file__).parents[1] / "src" / "withus"
CAPABILITIES = (
    "people",
    "people/offices",
    "texts",
    "pay",
    "processes",
    "processes/board",
    "voices",
    "voices/inboxes",
    "voices/findings",
    "voices/assisted",
    "voices/consent",
    "voices/stories",
    "deliberation",
    "deliberation/maps",
    "recommendations",
    "recommendations/judging",
    "recommendations/letters",
    "figures",
    "home",
    "home/reports",
    "running",
)
STANDARD_FILES = {"models", "queries", "actions", "jobs", "forms", "middleware", "views", "urls", "__init__"}
WRITES = re.compile(
    r"\.(save|delete|bulk_create|bulk_update|update_or_create|get_or_create)\(|objects\.create\(|\.filter\([^)]*\)\.update\("
    r"|\b(INSERT INTO|DELETE FROM|UPDATE withus)"
)


def modules(*names: str) -> list[Path]:
    """The files of these names in every capability."""
    return [
        path for capability in CAPABILITIES for name in names if (path := SOURCE / capability / f"{name}.py").exists()
    ]


def functions(path: Path) -> list[ast.FunctionDef]:
    """A file's own public functions."""
    tree = ast.parse(path.read_text("utf-8"))
    return [node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


def dotted(path: Path) -> str:
    """A file's module name."""
    return "withus." + ".".join(path.relative_to(SOURCE).with_suffix("").parts)


@pytest.mark.parametrize("path", modules("queries", "forms", "views", "urls"), ids=dotted)
def test_only_actions_and_jobs_write(path: Path) -> None:
    found = WRITES.findall(path.read_text("utf-8"))
    assert not found, f"{dotted(path)} writes; move it into actions.py, through the door"


@pytest.mark.parametrize("path", modules("actions"), ids=dotted)
def test_every_action_names_actor_and_subject_first_and_passes_the_door(path: Path) -> None:
    named = {action.value for action in Action}
    for function in functions(path):
        if function.name not in named:
            continue
        first = [argument.arg for argument in function.args.args]
        assert first[:1] == ["actor"], f"{function.name}: the first argument is actor"
        assert len(first) <= 2, f"{function.name}: after actor and subject, keywords only"
        assert "acting(" in ast.unparse(function), f"{function.name} does not pass the door"


def test_every_action_of_the_table_exists_once() -> None:
    written = [f.name for path in modules("actions") for f in functions(path)]
    assert sorted(set(POLICY)) == sorted(Action)
    missing = [action.value for action in Action if written.count(action.value) != 1]
    assert not missing, f"in the table, but not exactly once in an actions.py: {missing}"


@pytest.mark.parametrize("path", modules("queries"), ids=dotted)
def test_every_query_says_its_audience(path: Path) -> None:
    for function in functions(path):
        first = function.args.args[0].arg if function.args.args else ""
        assert first == "actor" or function.name.startswith(("public_", "due_")), (
            f"{dotted(path)}.{function.name}: begin its name with public_ or due_, or let it take the actor first"
        )


def _patterns() -> list[URLPattern]:
    found: list[URLPattern] = []

    def walk(patterns: list[object]) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                found.append(pattern)
            else:
                walk(pattern.url_patterns)  # type: ignore[attr-defined]

    walk(get_resolver().url_patterns)
    return found


def test_every_address_has_a_name_that_is_its_views() -> None:
    wrong = [
        f"{pattern.pattern} → {pattern.name} ≠ {pattern.callback.__name__}"
        for pattern in _patterns()
        if pattern.name != pattern.callback.__name__
    ]
    assert not wrong, wrong


def test_a_forms_fields_are_its_actions_keywords() -> None:
    wrong = []
    for path in modules("forms"):
        module = import_module(dotted(path))
        try:
            actions = import_module(dotted(path).replace(".forms", ".actions"))
        except ModuleNotFoundError:
            continue
        for name, form in vars(module).items():
            if not (inspect.isclass(form) and issubclass(form, BaseForm) and form.__module__ == module.__name__):
                continue
            verb = re.sub(r"(?<!^)(?=[A-Z])", "_", name.removesuffix("Form")).lower()
            action = getattr(actions, verb, None)
            if action is None or verb not in {a.value for a in Action}:
                continue
            keywords = {
                p.name
                for p in inspect.signature(action).parameters.values()
                if p.kind is inspect.Parameter.KEYWORD_ONLY
            }
            fields = set(getattr(form, "base_fields", {})) - set(getattr(form, "not_keywords", ()))
            if not fields <= keywords:
                wrong.append(f"{name}: {fields - keywords} are no keywords of {verb}")
    assert not wrong, wrong


def test_only_views_middleware_and_web_see_http() -> None:
    wrong = [
        dotted(path)
        for path in modules("models", "queries", "actions", "jobs")
        if re.search(r"from django\.(http|shortcuts)", path.read_text("utf-8"))
    ]
    assert not wrong, wrong


def test_views_are_short() -> None:
    long = [
        f"{dotted(path)}.{function.name}: {function.end_lineno - function.lineno + 1} lines"
        for path in modules("views")
        for function in functions(path)
        if function.end_lineno and function.end_lineno - function.lineno + 1 > 22
    ]
    assert not long, long


def test_no_file_is_a_junk_drawer() -> None:
    junk = {"utils", "helpers", "common", "services", "signals", "managers", "constants"}
    assert not [path for path in SOURCE.rglob("*.py") if path.stem in junk]


def test_files_and_functions_stay_readable() -> None:
    long = []
    for path in SOURCE.rglob("*.py"):
        if "migrations" in path.parts or path.name == "verifier.py":  # one file by design: it is handed to outsiders
            continue
        text = path.read_text("utf-8")
        if text.count("\n") > 400:
            long.append(f"{dotted(path)}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > 45:
                long.append(f"{dotted(path)}.{node.name}: {(node.end_lineno or 0) - node.lineno} lines")
    assert not long, long


def test_public_things_have_docstrings() -> None:
    bare = []
    for path in SOURCE.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        if tree.body and not ast.get_docstring(tree):
            bare.append(dotted(path))
        for node in tree.body:
            named = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if named and not ast.get_docstring(node):
                bare.append(f"{dotted(path)}.{node.name}")
    assert not bare, bare


def test_every_model_of_a_capability_is_djangos_too() -> None:
    known = {model.__name__ for model in apps.get_app_config("withus").get_models()}
    written = {
        node.name
        for path in SOURCE.rglob("*/models.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef) and any("models.Model" in ast.unparse(base) for base in node.bases)
    }
    assert written == known


def test_no_word_that_the_glossary_forbids() -> None:
    forbidden = re.compile(r"\b(client|addict|beneficiary|junkie)s?\b", re.IGNORECASE)
    excused = {"words.txt"}
    wrong = [
        f"{path.relative_to(SOURCE)}: {match.group()}"
        for path in [*SOURCE.rglob("*.html")]
        if path.name not in excused
        for match in forbidden.finditer(path.read_text("utf-8"))
    ]
    assert not wrong, wrong
