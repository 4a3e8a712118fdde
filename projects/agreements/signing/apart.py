"""Examining a signed PDF in a process of its own, with limits on time and memory: it was made by somebody else."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from base64 import b64decode, b64encode
from contextlib import suppress
from pathlib import Path
from typing import Any

from projects.agreements.signing.pades import Unacceptable, examine, require_still

ROOT = Path(__file__).resolve().parents[3]
SECONDS, MEMORY = 30, 1_500 * 1024 * 1024


def examine_apart(
    content: bytes, frozen: bytes, *, field: str = "", roots: bytes = b"", text: bytes = b""
) -> dict[str, Any]:
    """The findings about a file under `frozen`, the PDF to be signed; Unacceptable as `pades.examine` raises it."""
    return _asked({"content": content, "frozen": frozen, "roots": roots, "text": text}, field)


def require_still_apart(content: bytes) -> None:
    """Raise Unacceptable for a PDF that is encrypted, cannot be read, or does something when it is opened."""
    _asked({"content": content}, "")


def _asked(files: dict[str, bytes], field: str) -> dict[str, Any]:
    asked = {name: b64encode(body).decode() for name, body in files.items()} | {"field": field}
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__], input=json.dumps(asked).encode(), capture_output=True, cwd=ROOT,
            timeout=SECONDS, check=True, env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise Unacceptable("too-much") from error
    if "refused" in answer:
        raise Unacceptable(answer["refused"], **answer["values"])
    return answer


def main() -> None:
    """Read what is asked from standard input, answer on standard output."""
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    asked = json.load(sys.stdin)
    files = {name: b64decode(body) for name, body in asked.items() if name != "field"}
    try:
        answer = _examined(files, asked["field"])
    except Unacceptable as error:
        answer = {"refused": error.code, "values": error.values}
    json.dump(answer, sys.stdout)


def _examined(files: dict[str, bytes], field: str) -> dict[str, Any]:
    if "frozen" not in files:
        require_still(files["content"])
        return {}
    return examine(files["content"], files["frozen"], field=field, roots=files["roots"], text=files["text"])


if __name__ == "__main__":
    main()
