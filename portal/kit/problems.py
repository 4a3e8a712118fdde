"""The body of every error that a program is told of: problem+json (RFC 9457), with an address that explains its code."""

from __future__ import annotations

from typing import Any

PROBLEM = "application/problem+json"
EXPLAINED = "/docs/problems/"


def problem(status: int, title: Any, detail: Any, code: str, **more: Any) -> dict[str, Any]:
    """What went wrong: `title` is the same for every problem of its kind, `detail` is about this one."""
    return {
        "type": f"{EXPLAINED}#{code}",
        "title": str(title),
        "status": status,
        "detail": str(detail),
        "code": code,
        **more,
    }
