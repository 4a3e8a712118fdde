"""verify.py as one file: the parts of the check, and what they share with the check of receipts, joined in order."""

from __future__ import annotations

import ast
from functools import cache
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent / "verifier"
SHARED = Path(__file__).parents[2] / "ip" / "receipts" / "verify.py"
PARTS = (
    "curves",
    "archive",
    "bundle",
    "ledger",
    "telling",
    "records",
    "passkeys",
    "seal",
    "pdf",
    "command",
)
OURS = "projects."
HEAD = '''\
"""Check a signed agreement without a network and without the portal that it was signed in.

    python3 verify.py [A-2026-0001.bundle.zip] [--key KEY] [--against CHECKPOINT] [--consistency FILE]

Without a name it checks the folder in which it lies. Python 3.9 or newer is enough; the package `cryptography` makes it
faster. The exit code is 0 when it is proved, 1 when something is wrong, 2 when it cannot be read, 3 when it is proved as far
as it goes but something was not there to be checked. docs/verifying.md of the portal says how each thing is computed.
"""
'''
TAIL = """

if __name__ == "__main__":
    if sys.version_info < (3, 9):
        print("CANNOT BE READ: this needs Python 3.9 or newer")
        sys.exit(UNREADABLE)
    sys.exit(main(sys.argv[1:]))
"""


@cache
def script() -> bytes:
    """The source of verify.py; the same sources give the same bytes."""
    modules = [(name, (HERE / f"{name}.py").read_text()) for name in PARTS]
    wanted = {alias for _name, source in modules for alias in _imported_from_shared(source)}
    shared = _definitions(SHARED.read_text(), wanted)
    used = {node.id for node in ast.walk(ast.parse(shared)) if isinstance(node, ast.Name)}
    imports = {line for _name, source in modules for line in _imports(source)}
    imports |= {line for line in _imports(SHARED.read_text()) if line.split()[-1] in used}
    pieces = [HEAD, "from __future__ import annotations\n", "\n".join(sorted(imports, key=_import_order))]
    pieces.append("\n\n# --- shared with the check of receipts ---\n\n" + shared)
    for name, source in modules:
        words = (ast.get_docstring(ast.parse(source)) or "").replace("\n", " ")
        pieces.append(f"\n\n# --- {name}: {words} ---\n\n\n{_body(source)}")
    return ("\n".join(pieces) + TAIL).encode()


@cache
def script_sha256() -> str:
    return sha256(script()).hexdigest()


def _imported_from_shared(source: str) -> list[str]:
    return [
        alias.name
        for node in ast.parse(source).body
        if isinstance(node, ast.ImportFrom) and node.module == "projects.ip.receipts.verify"
        for alias in node.names
    ]


def _imports(source: str) -> list[str]:
    """The imports of the standard library that a module begins with."""
    found = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            found.append(ast.unparse(node))
        elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith((OURS, "__future__")):
            found += [f"from {node.module} import {alias.name}" for alias in node.names]
    return found


def _import_order(line: str) -> tuple[bool, str]:
    return line.startswith("from "), line.casefold()


def _body(source: str) -> str:
    """A module without its docstring and its imports."""
    nodes = ast.parse(source).body
    last = max(node.end_lineno or 0 for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom)))
    return "\n".join(source.splitlines()[last:]).strip("\n") + "\n"


def _definitions(source: str, wanted: set[str]) -> str:
    """The named definitions of a module and whatever they use of it, in its order."""
    lines, by_name = source.splitlines(), {}
    for node in ast.parse(source).body:
        for name in _names(node):
            by_name[name] = node
    needed, waiting = set(), sorted(wanted)
    while waiting:
        name = waiting.pop()
        if name in by_name and name not in needed:
            needed.add(name)
            waiting += [part.id for part in ast.walk(by_name[name]) if isinstance(part, ast.Name)]
    nodes = sorted({id(by_name[name]): by_name[name] for name in needed}.values(), key=lambda node: node.lineno)
    pieces = []
    for node in nodes:
        gap = "" if isinstance(node, ast.Assign) else "\n"
        pieces.append(gap + "\n".join(lines[node.lineno - 1 : node.end_lineno]) + "\n" + gap)
    return "".join(pieces)


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [part.id for target in node.targets for part in ast.walk(target) if isinstance(part, ast.Name)]
    return []
