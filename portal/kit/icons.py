"""The drawings of the portal: our words for lucide icons, and the brand."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from io import BytesIO
from zipfile import ZipFile

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

NAMES = {
    "agency": "landmark",
    "alert": "triangle-alert",
    "back": "chevron-left",
    "bell": "bell",
    "book": "book-open",
    "calendar": "calendar",
    "chat": "message-square",
    "check": "check",
    "clip": "paperclip",
    "clock": "clock",
    "copy": "copy",
    "down": "chevron-down",
    "download": "download",
    "draft": "file-pen-line",
    "eye": "eye",
    "file": "file",
    "flag": "flag",
    "freeze": "snowflake",
    "globe": "globe",
    "handshake": "handshake",
    "here": "circle-dot",
    "history": "history",
    "hold": "circle-pause",
    "home": "house",
    "info": "info",
    "key": "key-round",
    "ledger": "scroll-text",
    "link": "link",
    "list": "list",
    "lock": "lock",
    "mail": "mail",
    "mandate": "id-card",
    "more": "ellipsis",
    "network": "network",
    "next": "chevron-right",
    "no": "circle-x",
    "ok": "circle-check",
    "pen": "pen-line",
    "person": "user",
    "person-plus": "user-plus",
    "place": "map-pin",
    "plus": "plus",
    "print": "printer",
    "project": "target",
    "refresh": "refresh-cw",
    "ring": "circle",
    "scale": "scale",
    "screen": "monitor",
    "seal": "badge-check",
    "search": "search",
    "send": "send",
    "settings": "settings",
    "shield": "shield",
    "sign-in": "log-in",
    "sign-out": "log-out",
    "sort": "chevrons-up-down",
    "stop": "ban",
    "swap": "arrow-left-right",
    "tag": "tag",
    "trash": "trash-2",
    "undo": "undo-2",
    "up": "arrow-up",
    "upload": "upload",
    "users": "users",
    "wait": "hourglass",
    "x": "x",
}
BRAND = (
    '<circle cx="7.4" cy="10" r="5.4"/><circle cx="12.6" cy="10" r="5.4"/>'
    '<path fill="currentColor" d="M10 5.3a5.4 5.4 0 0 1 0 9.4 5.4 5.4 0 0 1 0-9.4Z"/>'
)


def svg(name: str, label: str = "", flip: bool = False) -> SafeString:
    """An icon by our word for it, or by its lucide name: hidden beside words, labelled when alone.

    Raises LookupError for a name nobody drew.
    """
    drawn = _plain(name, flip)
    if not label:
        return drawn
    return SafeString(drawn.replace('aria-hidden="true"', format_html('role="img" aria-label="{}"', label), 1))


@cache
def _plain(name: str, flip: bool) -> SafeString:
    size = 20 if name == "brand" else 24
    css = "icon icon-flip" if flip else "icon"
    head = f'<svg class="{css}" viewBox="0 0 {size} {size}" width="20" height="20" aria-hidden="true">'
    return mark_safe(f"{head}{_shapes(name)}</svg>")


@cache
def _shapes(name: str) -> str:
    if name == "brand":
        return BRAND
    try:
        drawing = _archive().read(f"{NAMES.get(name, name)}.svg").decode()
    except KeyError:
        raise LookupError(f"no icon is called {name!r}") from None
    return "".join(line.strip().replace(" />", "/>") for line in re.findall(r"<(?!/?svg)[^>]+>", drawing))


@cache
def _archive() -> ZipFile:
    return ZipFile(BytesIO(files("lucide").joinpath("lucide.zip").read_bytes()))
