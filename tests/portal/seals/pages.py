"""Small pages to seal: PDF/A as the portal sets it, with something on them that an attacker would like to change."""

from __future__ import annotations

import typst

TEMPLATE = """
#set document(title: "Agreement", author: ("JAXA", "ESA"), date: datetime(year: 2026, month: 11, day: 3))
#set page(width: 90mm, height: 60mm)
JAXA pays 100 euro.
#pagebreak()
ESA pays nothing.
#pdf.attach("/agreed.txt", bytes("agreed"), relationship: "source", mime-type: "text/plain", description: "the text")
"""


def pages(template: str = TEMPLATE) -> bytes:
    return typst.compile(template.encode(), pdf_standards="a-3a", timestamp=1_793_700_000)
