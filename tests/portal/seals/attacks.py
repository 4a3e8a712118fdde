"""Files made from a sealed PDF by everybody who would like it to say something else: appended, rewrapped, forged, prepared."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from asn1crypto import cms
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

BYTE_RANGE = re.compile(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\] *")
name, number = generic.NameObject, generic.NumberObject


@dataclass(frozen=True)
class Sealed:
    """A sealed PDF in the parts that attacks move about."""

    content: bytes

    @property
    def ranges(self) -> tuple[int, ...]:
        return tuple(int(part) for part in BYTE_RANGE.search(self.content).groups())

    @property
    def before(self) -> bytes:
        return self.content[: self.ranges[1]]

    @property
    def gap(self) -> bytes:
        return self.content[self.ranges[1] : self.ranges[2]]

    @property
    def after(self) -> bytes:
        return self.content[self.ranges[2] :]

    @property
    def reader(self) -> PdfFileReader:
        return PdfFileReader(BytesIO(self.content))

    def with_gap(self, gap: bytes) -> bytes:
        return self.before + gap + self.after

    def put(self, old: bytes, new: bytes) -> bytes:
        """The file with other words of the same length in place of these, so that every offset stays."""
        assert old in self.content
        return self.content.replace(old, new.ljust(len(old)), 1)


def appended(sealed: Sealed) -> dict[str, bytes]:
    """Incremental updates, and what is less than one (ISA)."""
    content = sealed.content
    root = sealed.reader.trailer.raw_get("/Root").idnum
    bare = b"\n%d 0 obj\n<</Type/Catalog>>\nendobj\n" % root
    return {
        "a newline": content + b"\n",
        "a comment": content + b"% seen and approved\n",
        "zeros": content + bytes(64),
        "another end": content + b"\n%%EOF\n",
        "the file once more": content + content,
        "an object without cross-references": content + bare,
        "a cross-reference without trailer": content + bare + b"xref\n0 0\n",
        "a trailer without cross-reference": content
        + bare
        + b"trailer\n<</Root %d 0 R/Size 99>>\nstartxref\n%d\n%%%%EOF\n" % (root, len(content)),
    } | {f"an update: {label}": updated(content, change) for label, change in CHANGES.items()}


def updated(content: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(content))
    change(writer)
    out = BytesIO()
    writer.write(out)
    assert out.getvalue() != content
    return out.getvalue()


def _other_words(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT (JAXA pays 900 euro.) Tj ET"))
    writer.update_container(page)


def _no_second_page(writer: IncrementalPdfFileWriter) -> None:
    tree = writer.root["/Pages"]
    tree["/Kids"] = generic.ArrayObject([tree["/Kids"].raw_get(0)])
    tree["/Count"] = number(1)
    writer.update_container(tree)


def _pages_swapped(writer: IncrementalPdfFileWriter) -> None:
    tree = writer.root["/Pages"]
    kids = tree["/Kids"]
    tree["/Kids"] = generic.ArrayObject([kids.raw_get(1), kids.raw_get(0)])
    writer.update_container(tree)


def stamp(writer: IncrementalPdfFileWriter) -> None:
    """A comment that covers the words (evil annotation, against a document that is certified)."""
    page = writer.root["/Pages"]["/Kids"][0]
    box = generic.ArrayObject([number(part) for part in (0, 0, 250, 170)])
    note = generic.DictionaryObject(
        {
            name("/Type"): name("/Annot"), name("/Subtype"): name("/FreeText"), name("/Rect"): box,
            name("/Contents"): generic.TextStringObject("JAXA pays 900 euro."), name("/F"): number(4),
            name("/DA"): generic.TextStringObject("/Helv 12 Tf 0 g"),
        }
    )  # fmt: skip
    page["/Annots"] = generic.ArrayObject([*page.get("/Annots", []), writer.add_object(note)])
    writer.update_container(page)


def _field(writer: IncrementalPdfFileWriter) -> None:
    """A further field for a signature, which shows what its appearance holds (sneaky signature)."""
    form = writer.root["/AcroForm"]
    field = generic.DictionaryObject(
        {name("/FT"): name("/Sig"), name("/T"): generic.TextStringObject("Second"), name("/Subtype"): name("/Widget")}
    )
    form["/Fields"] = generic.ArrayObject([form["/Fields"].raw_get(0), writer.add_object(field)])
    writer.update_container(form)


def _unsigned(writer: IncrementalPdfFileWriter) -> None:
    field = writer.root["/AcroForm"]["/Fields"][0]
    del field["/V"]
    writer.update_container(field)


def _script(writer: IncrementalPdfFileWriter) -> None:
    action = {name("/S"): name("/JavaScript"), name("/JS"): generic.TextStringObject("app.alert(1)")}
    writer.root["/OpenAction"] = generic.DictionaryObject(action)
    writer.update_root()


def _without(key: str) -> Callable[[IncrementalPdfFileWriter], None]:
    def change(writer: IncrementalPdfFileWriter) -> None:
        del writer.root[key]
        writer.update_root()

    return change


def _other_metadata(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/Metadata"] = writer.add_object(generic.StreamObject(stream_data=b"<x/>"))
    writer.update_root()


def _other_attachment(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/Names"] = generic.DictionaryObject()
    writer.update_root()


def _long_term(writer: IncrementalPdfFileWriter) -> None:
    """What a well-meaning program adds, and the standard allows: material for long-term validation."""
    writer.root["/DSS"] = writer.add_object(generic.DictionaryObject({name("/Certs"): generic.ArrayObject()}))
    writer.update_root()


CHANGES: dict[str, Callable[[IncrementalPdfFileWriter], None]] = {
    "nothing but another date": lambda writer: writer.update_root(),
    "other words on a page": _other_words,
    "a page less": _no_second_page,
    "pages swapped": _pages_swapped,
    "a stamp over the words": stamp,
    "another field to sign": _field,
    "the field emptied": _unsigned,
    "a script": _script,
    "no certification": _without("/Perms"),
    "no form": _without("/AcroForm"),
    "other metadata": _other_metadata,
    "no attachment": _other_attachment,
    "material for long-term validation": _long_term,
}


def forged(sealed: Sealed) -> dict[str, bytes]:
    """Signatures made unreadable in the hope that a reader takes that for valid (USF)."""
    ranges = BYTE_RANGE.search(sealed.content)[0]
    size, gap = len(sealed.content), sealed.gap
    _start, first, second, last = sealed.ranges
    return {
        "contents empty": sealed.with_gap(b"<>".ljust(len(gap))),
        "contents zero": sealed.with_gap(b"<" + b"0" * (len(gap) - 2) + b">"),
        "contents null": sealed.with_gap(b"null".ljust(len(gap))),
        "contents nonsense": sealed.with_gap(b"<" + b"30" * ((len(gap) - 2) // 2) + b">"),
        "contents gone": sealed.put(b"/Contents <30", b"/Xontents <30"),
        "range null": sealed.put(ranges, b"/ByteRange null"),
        "range gone": sealed.put(ranges, b""),
        "range of nothing": sealed.put(ranges, b"/ByteRange [0 0 0 0]"),
        "range below zero": sealed.put(ranges, b"/ByteRange [0 -1 -1 9]"),
        "range over all": sealed.put(ranges, b"/ByteRange [0 %d %d 0]" % (size, size)),
        "range overlapping": sealed.put(ranges, b"/ByteRange [0 %d %d %d]" % (second, first, last)),
        "range of two": sealed.put(ranges, b"/ByteRange [0 %d]" % first),
        "range of six": sealed.put(ranges, b"/ByteRange [0 %d %d 9 9 9]" % (first, second)),
        "range in words": sealed.put(ranges, b"/ByteRange (all of it)"),
        "form unknown": sealed.put(b"/SubFilter /ETSI.CAdES.detached", b"/SubFilter /ETSI.CAdES.attached"),
        "kind unknown": sealed.put(b"/Type /Sig\n", b"/Type /Nil\n"),
        "no certification": sealed.put(b"/P 1\n", b"/P 3\n"),
    }


def stuffed(sealed: Sealed) -> dict[str, bytes]:
    """Changes in the place of the signature itself, which no signed range covers."""
    gap = sealed.gap
    return {
        "words behind the signature": sealed.with_gap(gap[:-9] + b"feedbeef>"),
        "small letters": sealed.with_gap(gap.lower()),
        "spaces between": sealed.with_gap(gap[:-3] + b"  >"),
        "another value": sealed.with_gap(_filled(gap, _another_value)),
        "an unsigned attribute": sealed.with_gap(_filled(gap, _one_attribute_more)),
    }


def _filled(gap: bytes, change: Callable[[cms.SignedData], None]) -> bytes:
    whole = cms.ContentInfo.load(bytes.fromhex(gap[1:-1].decode()), strict=False).copy()
    change(whole["content"])
    der = whole.dump(force=True).hex().upper().encode()
    return b"<" + der.ljust(len(gap) - 2, b"0") + b">"


def _another_value(data: cms.SignedData) -> None:
    data["signer_infos"][0]["signature"] = data["signer_infos"][0]["signature"].native[:-1] + b"\x00"


def _one_attribute_more(data: cms.SignedData) -> None:
    time = cms.Time({"utc_time": datetime(2030, 1, 1, tzinfo=UTC)})
    extra = cms.CMSAttribute({"type": "signing_time", "values": [time]})
    data["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([extra])


def wrapped(sealed: Sealed) -> dict[str, bytes]:
    """The second signed range moved away, and what an attacker wrote put between (SWA)."""
    words = b"BT (JAXA pays 900 euro.) Tj ET"
    page = sealed.reader.root["/Pages"]["/Kids"][0].raw_get("/Contents").idnum
    stream = b"%d 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (page, len(words), words)
    return {
        "only moved": _wrap(sealed, {}),
        "other words between": _wrap(sealed, {page: stream}),
        "moved far": _wrap(sealed, {page: stream}, room=50_000),
        "moved, and the range left as it was": _wrap(sealed, {page: stream}, honest=True),
        "moved, and appended to": _wrap(sealed, {page: stream}) + b"\n%%EOF\n",
        "room made behind the signature": sealed.before + sealed.gap + b" " * 4096 + sealed.after,
    }


def _wrap(sealed: Sealed, objects: dict[int, bytes], *, room: int = 4096, honest: bool = False) -> bytes:
    """The signed bytes all there, and a second signature object between them whose range says where they went.

    The end of the file still points to where the cross-references were: there, now unsigned, stands the attacker's own.
    """
    reader = sealed.reader
    number_of = reader.root["/AcroForm"]["/Fields"][0].raw_get("/V").idnum
    place = int(re.findall(rb"startxref\s+(\d+)", sealed.content)[-1])
    _start, first, _second, last = sealed.ranges
    moved_to = place + room
    told = BYTE_RANGE.search(sealed.content)[0].strip()
    ranges = told if honest else b"/ByteRange [0 %d %d %d]" % (first, moved_to, last)
    body = sealed.content[sealed.content.rindex(b"%d 0 obj" % number_of) :]
    body = body[: body.index(b"endobj")].replace(told, ranges) + b"endobj\n"
    known = re.search(rb"xref\n.*?trailer\n<<.*?/Prev \d+\n>>\n", sealed.content[place:], re.DOTALL)[0]
    out = sealed.before + sealed.gap
    out = out.ljust(place, b" ") if len(out) <= place else out
    written = {**objects, number_of: body}
    entries = known.index(b"trailer")
    section = b"".join(b"%d 1\n%010d 00000 n \n" % (key, 0) for key in written)
    head = known[:entries] + section + known[entries:]
    at, offsets, blob = place + len(head), {}, b""
    for key, value in written.items():
        offsets[key] = at + len(blob)
        blob += value
    section = b"".join(b"%d 1\n%010d 00000 n \n" % (key, offset) for key, offset in offsets.items())
    out += known[:entries] + section + known[entries:] + blob
    if len(out) > moved_to:
        return _wrap(sealed, objects, room=room + len(out) - moved_to + 64, honest=honest)
    return out.ljust(moved_to, b" ") + sealed.after
