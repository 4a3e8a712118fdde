"""The paragraphs of a clause as pages and PDF show them: numbered, with their lettered items."""

import re
from dataclasses import dataclass

ITEM = re.compile(r"^\(([a-z]{1,2}|[0-9]{1,2}|[ivx]{1,5})\) (.*)$")


@dataclass(frozen=True)
class Item:
    """A lettered item of a paragraph, or a plain line when `mark` is empty."""

    mark: str
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph numbered "7.2"; a clause of one paragraph has no second number, only ""."""

    number: str
    text: str
    items: tuple[Item, ...]


def paragraphs(number: int | str, text: str) -> list[Paragraph]:
    """Split the text of a clause: an empty line ends a paragraph, a line that starts with "(a) " is an item of it."""
    blocks = [block.strip("\n") for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")) if block.strip()]
    return [
        _paragraph(f"{number}.{position}" if len(blocks) > 1 else "", block)
        for position, block in enumerate(blocks, start=1)
    ]


def _paragraph(number: str, block: str) -> Paragraph:
    first, *lines = block.split("\n")
    if ITEM.match(first):
        first, lines = "", [first, *lines]
    items = [Item(found[1], found[2]) if (found := ITEM.match(line)) else Item("", line) for line in lines]
    return Paragraph(number, first, tuple(items))
