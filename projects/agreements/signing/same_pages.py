"""Whether a PDF shows exactly the pages of another, whatever was appended or rewritten around them, and does nothing by itself."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from decimal import Decimal
from hashlib import sha256
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

# What signing adds or touches without anything to be seen on a page.
FREE_IN_ROOT = {
    "/Type", "/Pages", "/AcroForm", "/DSS", "/Perms", "/Extensions", "/Version", "/Metadata", "/StructTreeRoot",
    "/MarkInfo", "/Outlines",
}  # fmt: skip
FREE_IN_PAGE = {
    "/Type", "/Parent", "/Annots", "/StructParents", "/Tabs", "/LastModified", "/PieceInfo", "/Metadata", "/Thumb",
}  # fmt: skip
FREE_ANYWHERE = {"/Length", "/Filter", "/DecodeParms", "/StructParent", "/StructParents", "/P"}
INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
ACTS = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Movie", "/Sound",
    "/RichMediaExecute", "/Hide", "/SetOCGState", "/Thread", "/GoTo3DView", "/ResetForm", "/Named",
}  # fmt: skip
ACTIVE_KEYS = {"/JS", "/AA", "/XFA", "/RichMedia", "/RichMediaContent"}
ACTIVE_ANNOTATIONS = {"/Screen", "/RichMedia", "/Movie", "/Sound", "/3D", "/FileAttachment"}
MOST_OBJECTS, DEEPEST, LARGEST_STREAM = 200_000, 60, 64 * 1024 * 1024


class Differs(Exception):
    """Raised with the part that is not as it was frozen."""


class TooMuch(Exception):
    """Raised for a file with more in it than any text has."""


def require_same_pages(theirs: PdfFileReader, ours: PdfFileReader) -> None:
    """Raise Differs unless every page, and whatever decides how a page looks, is the same in both.

    Signature fields may stand on the pages; nothing else may have come, gone or changed.
    """
    their_pages, our_pages = list(pages(theirs)), list(pages(ours))
    if len(their_pages) != len(our_pages):
        raise Differs("pages")
    their_prints, our_prints = Prints(their_pages), Prints(our_pages)
    for number, (found, wanted) in enumerate(zip(their_pages, our_pages, strict=True), start=1):
        if their_prints.of_page(found) != our_prints.of_page(wanted):
            raise Differs(f"page {number}")
        rest = [their_prints.of(note) for note in notes_on(found) if not is_signature(note)]
        if rest != [our_prints.of(note) for note in notes_on(wanted)]:
            raise Differs(f"page {number}")
    root, expected = theirs.root, ours.root
    fields = entry(entry(root, "/AcroForm", {}), "/Fields", ())
    if any(str(entry(fields[index], "/FT")) != "/Sig" for index in range(len(fields))):
        raise Differs("form")
    for key in sorted((set(root) | set(expected)) - FREE_IN_ROOT):
        if key not in root or key not in expected or their_prints.of(root[key]) != our_prints.of(expected[key]):
            raise Differs(key)


def entry(holder: Any, key: str, default: Any = None) -> Any:
    """What a dictionary holds under a key, followed to where it stands; `get` would give the reference."""
    return holder[key] if key in holder else default  # noqa: SIM401  `get` is that of a plain dict


def does_something(reader: PdfFileReader) -> bool:
    """Whether anything in the file runs, opens, plays or sends when it is read."""
    opened = entry(reader.root, "/OpenAction")
    if isinstance(opened, generic.DictionaryObject) and str(entry(opened, "/S")) != "/GoTo":
        return True
    names = entry(reader.root, "/Names", {})
    return "/JavaScript" in names or any(_acts(found) for found in dictionaries(reader))


def dictionaries(reader: PdfFileReader) -> Iterator[Any]:
    """Every dictionary that the file leads to, each once."""
    seen: set[int] = set()
    waiting: list[Any] = [reader.root]
    count = 0
    while waiting:
        value = waiting.pop()
        if isinstance(value, generic.IndirectObject):
            if value.idnum in seen:
                continue
            seen.add(value.idnum)
            value = value.get_object()
        count += 1
        if count > MOST_OBJECTS:
            raise TooMuch
        if isinstance(value, generic.DictionaryObject):
            yield value
            waiting += [value.raw_get(key) for key in value]
        elif isinstance(value, generic.ArrayObject):
            waiting += [value.raw_get(index) for index in range(len(value))]


def pages(reader: PdfFileReader) -> Iterator[Any]:
    """The pages in their order, each with what it inherits; raises Differs for a tree that is none."""
    seen: set[int] = set()

    def below(raw: Any, inherited: dict[str, Any], depth: int) -> Iterator[Any]:
        if depth > DEEPEST or (isinstance(raw, generic.IndirectObject) and raw.idnum in seen):
            raise Differs("pages")
        if isinstance(raw, generic.IndirectObject):
            seen.add(raw.idnum)
        node = raw.get_object() if isinstance(raw, generic.IndirectObject) else raw
        held = {**inherited, **{key: node.raw_get(key) for key in INHERITED if key in node}}
        if "/Kids" in node:
            kids = node["/Kids"]
            for index in range(len(kids)):
                yield from below(kids.raw_get(index), held, depth + 1)
        else:
            yield Page(node, held, raw.idnum if isinstance(raw, generic.IndirectObject) else None)

    return below(reader.root.raw_get("/Pages"), {}, 0)


class Page:
    """A page as it is drawn: its own entries over those that it inherits."""

    def __init__(self, node: Any, inherited: dict[str, Any], idnum: int | None) -> None:
        self.node, self.idnum = node, idnum
        own = {key: node.raw_get(key) for key in node}
        self.entries = {key: value for key, value in (inherited | own).items() if key not in FREE_IN_PAGE}


def notes_on(page: Page) -> list[Any]:
    found = entry(page.node, "/Annots", ())
    return [found[index] for index in range(len(found))]


def is_signature(note: Any) -> bool:
    """Whether an annotation is the place of a signature, its own field or the child of one."""
    if str(entry(note, "/Subtype")) != "/Widget":
        return False
    kind = entry(note, "/FT") or entry(entry(note, "/Parent", {}), "/FT")
    return str(kind) == "/Sig"


class Prints:
    """Fingerprints of what a page is made of, equal in two files whose objects are only numbered or packed otherwise."""

    def __init__(self, of: list[Page]) -> None:
        self.numbers = {page.idnum: number for number, page in enumerate(of) if page.idnum is not None}
        self.known: dict[int, str] = {}
        self.count = 0

    def of_page(self, page: Page) -> str:
        return _joined("page", (f"{key}={self.of(value)}" for key, value in sorted(page.entries.items())))

    def of(self, value: Any, depth: int = 0) -> str:
        self.count += 1
        if depth > DEEPEST or self.count > MOST_OBJECTS:
            raise TooMuch
        if not isinstance(value, generic.IndirectObject):
            return self._direct(value, depth)
        if value.idnum in self.numbers:
            return f"page {self.numbers[value.idnum]}"
        if value.idnum not in self.known:
            self.known[value.idnum] = "circle"
            self.known[value.idnum] = self._direct(value.get_object(), depth)
        return self.known[value.idnum]

    def _direct(self, value: Any, depth: int) -> str:
        if isinstance(value, generic.DictionaryObject):
            keys = sorted(key for key in value if key not in FREE_ANYWHERE and key != "/Parent")
            members = [f"{key}={self.of(value.raw_get(key), depth + 1)}" for key in keys]
            if isinstance(value, generic.StreamObject):
                members.append(sha256(_bytes_of(value)).hexdigest())
            return _joined("dictionary", members)
        if isinstance(value, generic.ArrayObject):
            return _joined("array", [self.of(value.raw_get(index), depth + 1) for index in range(len(value))])
        return _leaf(value)


def _bytes_of(stream: Any) -> bytes:
    """What a stream holds; one level of Flate is undone within a limit, every other packing is compared as it is."""
    raw: bytes = stream.encoded_data
    packing = entry(stream, "/Filter")
    names = (
        [str(packing[index]) for index in range(len(packing))]
        if isinstance(packing, generic.ArrayObject)
        else [str(packing)]
    )
    if packing is None:
        return raw
    if names != ["/FlateDecode"] or entry(stream, "/DecodeParms"):
        return b"%s %s" % (" ".join(names).encode(), raw)
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(raw, LARGEST_STREAM)
    except zlib.error as error:
        raise Differs("stream") from error
    if unpacking.unconsumed_tail:
        raise TooMuch
    return content


def _leaf(value: Any) -> str:
    if isinstance(value, bool | generic.BooleanObject):
        return f"truth {value}"
    if isinstance(value, generic.NumberObject | generic.FloatObject):
        return f"number {Decimal(str(value)).normalize():f}"
    if isinstance(value, generic.TextStringObject | generic.ByteStringObject):
        return f"string {value.original_bytes.hex()}" if hasattr(value, "original_bytes") else f"string {value!r}"
    return f"{type(value).__name__} {value}"


def _acts(found: Any) -> bool:
    if not ACTIVE_KEYS.isdisjoint(found):
        return True
    return str(entry(found, "/S")) in ACTS or str(entry(found, "/Subtype")) in ACTIVE_ANNOTATIONS


def _joined(kind: str, members: Any) -> str:
    digest = sha256(kind.encode())
    write: Callable[[bytes], None] = digest.update
    for member in members:
        write(f"\n{len(member)} {member}".encode(errors="surrogateescape"))
    return digest.hexdigest()
