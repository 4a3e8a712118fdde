"""The public facts the demonstration stands on: organisations and their joint missions, read from facts.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from portal.demo.capabilities import NEAREST

FILE = Path(__file__).with_name("facts.json")
DESTINATIONS = (
    ("Mars moons", "mars"),
    ("Mars", "mars"),
    ("Moon", "moon"),
    ("Lunar", "moon"),
    ("Titan", "planets"),
    ("Mercury", "planets"),
    ("Earth L2", "deep-space"),
    ("Earth orbit", "earth"),
)


@dataclass(frozen=True)
class Organisation:
    """One organisation as the public knows it."""

    acronym: str
    name: str
    native_name: str
    country: str
    kind: str
    city: str
    zone: str
    languages: list[str]
    website: str
    capabilities: list[str]
    working_days: list[int]

    @property
    def is_international(self) -> bool:
        return not self.country

    @property
    def native_language(self) -> str:
        """The language of the native name: the first working language that is not English."""
        return next((code for code in self.languages if code != "en"), "") if self.native_name else ""

    @property
    def codes(self) -> list[str]:
        """Codes of the taxonomy, in order."""
        return sorted({NEAREST[words.lower()] for words in self.capabilities if words.lower() in NEAREST})


@dataclass(frozen=True)
class Collaboration:
    """One joint mission as the public knows it; `brings` says per organisation what it contributes."""

    name: str
    summary: str
    destination: str
    codes: list[str]
    brings: dict[str, list[str]]


@cache
def organisations() -> list[Organisation]:
    """Every organisation of the file, in its order."""
    return [_organisation(row) for row in _file()["organisations"]]


@cache
def collaboration(slug: str) -> Collaboration:
    """The joint mission of this name in the file; KeyError for another."""
    row = {row["slug"]: row for row in _file()["collaborations"]}[slug]
    brings = {who["partner"]: [one["text"] for one in who["contributions"] or []] for who in row["partners"]}
    return Collaboration(
        row["name"], row["summary"], _destination(row["destination"]), row["taxonomy"]["codes"], brings
    )


@cache
def _file() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return content


def _organisation(row: dict[str, Any]) -> Organisation:
    domain = row["website_domain"]
    return Organisation(
        acronym=row["acronym"],
        name=row["name"],
        native_name=row["native_name"] or "",
        country="" if row["country"] == "international" else row["country"],
        kind=row["kind"],
        city=row["city"],
        zone=row["timezone"],
        languages=row["languages"],
        website=f"https://{domain}/" if domain else "",
        capabilities=row["capabilities"],
        working_days=[day for day in range(1, 8) if day not in row["weekend_iso_days"]],
    )


def _destination(words: str) -> str:
    """The portal's choice for a destination in free words."""
    for word, choice in DESTINATIONS:
        if word in words:
            return choice
    return ""
