"""Setting pages as PDF/A with Typst: deterministic, offline, user text only ever as data."""

from portal.typesetting.fonts import fonts
from portal.typesetting.pages import set_pages
from portal.typesetting.visible import visible

__all__ = ["fonts", "set_pages", "visible"]
