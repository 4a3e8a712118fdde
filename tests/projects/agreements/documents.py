"""Documents of agreements for the tests of everything that reads them, small and valid."""

from __future__ import annotations

import copy
from typing import Any

from projects.agreements.canonical import FORMAT

HOSTILE = (
    '#panic("no")',
    "<script>alert(1)</script>",
    "*bold* _it_ `code` ~~gone~~ $x^2$",
    "# Heading",
    "1. first",
    "- item",
    "[link](javascript:alert(1)) ![p](https://x.example/p.png) https://x.example www.x.example a@b.example",
    "| a | b |",
    "&lt;b&gt; &#x202e;",
    "pay \u202e001\u202c euro",
    "zero\u200bwidth",
    "bell\x07 and \x1b[31m and \ufffe",
    '"] } #[ \\u{202e}',
)


def party(ref: str, name: str, **facts: str) -> dict[str, str]:
    return {"ref": ref, "legal_name": name, "native_name": "", "role": "partner", "bound_as": "", "share": ""} | facts


def clause(number: int, code: str, text: str, heading: str = "") -> dict[str, Any]:
    return {"number": number, "code": code, "heading": heading or code.capitalize(), "text": text}


def document(*clauses: tuple[str, str], **changes: Any) -> dict[str, Any]:
    """A text of the second format with these clauses (code, text), or three of its own."""
    clauses = clauses or (
        ("purpose", "The Parties study ice."),
        ("term", "It lasts five (5) years.\n\nIt may be extended:\n(a) once;\n(b) by agreement."),
        ("law", "The law of France applies."),
    )
    written = {
        "format": FORMAT,
        "agreement": "A-2026-0012",
        "kind": "nda",
        "title": "Study of polar ice",
        "version": 1,
        "language": "en",
        "languages": ["en"],
        "within": [],
        "parties": [
            party("ESA", "European Space Agency", role="lead"),
            party("JAXA", "Japan Aerospace Exploration Agency", native_name="宇宙航空研究開発機構"),
        ],
        "depositary": "ESA",
        "entry_rule": {"all_signed": True},
        "profile": {"confidentiality_years": 5, "language": "English"},
        "clauses": [clause(number, code, text) for number, (code, text) in enumerate(clauses, start=1)],
        "translations": [],
        "amended": [],
        "annexes": [],
    }
    return copy.deepcopy(written | changes)


def in_languages(written: dict[str, Any], **titles: str) -> dict[str, Any]:
    """The text with further languages; each clause says its code and the language."""
    codes = [code.replace("_", "-") for code in titles]
    translations = [
        {
            "language": code,
            "title": title,
            "clauses": [
                {"code": row["code"], "heading": f"{title} {row['number']}", "text": f"{title}: {row['code']}"}
                for row in written["clauses"]
            ],
        }
        for code, title in zip(codes, titles.values(), strict=True)
    ]
    return written | {"languages": [written["language"], *codes], "translations": translations}


def amending(written: dict[str, Any]) -> dict[str, Any]:
    """The text as an amendment of another."""
    alterations = [
        {"operation": "replace", "code": "term", "number": 2, "heading": "Term", "text": "It lasts seven (7) years."},
        {"operation": "delete", "code": "law", "number": 3, "heading": "Applicable law", "text": ""},
        {"operation": "insert", "code": "tax", "number": 0, "heading": "Taxes", "text": "Each Party pays its own."},
        {"operation": "answer", "code": "term_years", "number": 0, "heading": "Term", "text": "7 years"},
    ]
    resulting = [clause(1, "tax", "Each Party pays its own."), clause(2, "term", "It lasts seven (7) years.")]
    within = {"agreement": "A-2026-0003", "title": "Base", "sha256": "ab" * 32, "relation": "amends"}
    amended = {"alterations": alterations, "profile": {"term_years": 7}, "clauses": resulting}
    return written | {"kind": "amendment", "within": [within], "amended": [amended]}
