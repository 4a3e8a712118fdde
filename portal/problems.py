"""Every code that a problem of the API can carry, with what it means: read from the sources, so that none is forgotten."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.kit.refusals import Forbidden, NotNow

FORBIDDEN, NOT_NOW = Forbidden.status_code, NotNow.status_code
# What is no refusal by a rule: the words of the server and of the framework.
GENERAL: dict[str, tuple[int, str | Promise]] = {
    "authentication-failed": (401, _("The token is unknown, revoked or over, or nobody may act by it now.")),
    "bad-request": (400, _("The request cannot be read.")),
    "error": (400, _("The request cannot be answered.")),
    "forbidden": (403, _("You may not do this.")),
    "invalid": (400, _("Some fields need a correction. Nothing was saved; “errors” names each field.")),
    "key-reused": (422, _("This one-time key was used for another request.")),
    "method-not-allowed": (405, _("The address does not take this method.")),
    "not-acceptable": (406, _("The API answers in JSON only.")),
    "not-authenticated": (401, _("Sign in, or send a token.")),
    "not-found": (404, _("There is nothing here that you may see.")),
    "parse-error": (400, _("The document, or a header, cannot be read.")),
    "permission-denied": (403, _("You may not do this, or the token against forged requests is missing.")),
    "request-timeout": (408, _("The request did not arrive in time.")),
    "request-too-large": (413, _("The request is too large.")),
    "server-error": (500, _("Something went wrong here. It was recorded; try again later.")),
    "throttled": (429, _("Too many requests in a minute. Retry-After says when to go on.")),
    "unavailable": (503, _("The database does not answer now. Retry-After says when to try again.")),
    "unsupported-media-type": (415, _("The API reads JSON.")),
}
STATUSES = {"Forbidden": FORBIDDEN, "NotNow": NOT_NOW, "TooMany": 429, "__init__": NOT_NOW}
NOWHERE = 1_000
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@dataclass
class Problem:
    """A code, the statuses it comes with, and the sentences that explain it."""

    code: str
    statuses: set[int] = field(default_factory=set)
    meanings: set[str] = field(default_factory=set)

    @property
    def ordered(self) -> list[int]:
        return sorted(self.statuses)

    @property
    def words(self) -> list[str]:
        """The sentences in the reader's language; what is filled in differs each time."""
        titles = {FORBIDDEN: Forbidden.title, NOT_NOW: NotNow.title}
        told = sorted(PLACEHOLDER.sub("…", gettext(words)) for words in self.meanings)
        return told or [f"{titles[status]}." for status in sorted(self.statuses) if status in titles]


def problems() -> list[Problem]:
    """All of them by code."""
    found = dict(_refusals())
    for code, (status, meaning) in GENERAL.items():
        general = found.setdefault(code, Problem(code))
        general.statuses.add(status)
        general.meanings.add(str(meaning))
    return [found[code] for code in sorted(found)]


@cache
def _refusals() -> dict[str, Problem]:
    found: dict[str, Problem] = {}
    for module in _modules():
        for call, statuses, codes in _coded_calls(module):
            for code in codes:
                problem = found.setdefault(code, Problem(code))
                problem.statuses |= statuses
                problem.meanings |= _sentences(call)
    return found


def _modules() -> Iterator[ast.Module]:
    for app in settings.HOUSE_APPS:
        folder = Path(apps.get_app_config(app.rpartition(".")[2]).path)
        nested = [other for other in settings.HOUSE_APPS if other.startswith(f"{app}.")]
        inner = {folder.joinpath(*other.removeprefix(f"{app}.").split(".")) for other in nested}
        for path in sorted(folder.rglob("*.py")):
            if "migrations" not in path.parts and inner.isdisjoint(path.parents):
                yield ast.parse(path.read_text(encoding="utf-8"))


def _coded_calls(module: ast.Module) -> Iterator[tuple[ast.Call, set[int], set[str]]]:
    """Calls that make a refusal, or hand its code to a function of the module that does: its statuses and codes."""
    constants = {
        target.id: node.value.value
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    takes = _takers(module)
    for call in ast.walk(module):
        if not isinstance(call, ast.Call) or _name(call) not in takes:
            continue
        statuses, place = takes[_name(call)]
        given = [keyword.value for keyword in call.keywords if keyword.arg == "code"] + call.args[place:][:1]
        named = {constants.get(node.id, "") for node in given if isinstance(node, ast.Name)}
        codes = named | {text for node in given for text in _texts(node)}
        if codes := codes - {""}:
            yield call, statuses, codes


def _takers(module: ast.Module) -> dict[str, tuple[set[int], int]]:
    """What takes a code: the refusals by name, and functions of the module, with the place among their arguments."""
    takes = {name: ({status}, NOWHERE) for name, status in STATUSES.items()}
    for node in ast.walk(module):
        if not isinstance(node, ast.FunctionDef) or node.name == "__init__":
            continue
        names = [argument.arg for argument in node.args.args if argument.arg != "self"]
        made = {_name(call) for call in ast.walk(node) if isinstance(call, ast.Call)} & set(STATUSES)
        if "code" in names or "code" in {argument.arg for argument in node.args.kwonlyargs}:
            place = names.index("code") if "code" in names else NOWHERE
            takes.setdefault(node.name, ({STATUSES[name] for name in made} or {NOT_NOW}, place))
    return takes


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _texts(node: ast.expr) -> list[str]:
    """The text of a constant, or both of a choice."""
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body), *_texts(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _sentences(call: ast.Call) -> set[str]:
    """The reasons that are written in the call itself; how to get on is no reason."""
    told = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg in ("reason", "detail"))]
    calls = [node for argument in told for node in ast.walk(argument) if isinstance(node, ast.Call)]
    words = [node.args[0] for node in calls if _name(node) in ("_", "gettext", "gettext_lazy") and node.args]
    return {node.value for node in words if isinstance(node, ast.Constant) and isinstance(node.value, str)}
