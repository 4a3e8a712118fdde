"""What a file is, told from its bytes: a list of what may be stored, and nothing else."""

import json
from collections.abc import Callable
from io import BytesIO
from zipfile import BadZipFile, ZipFile

PDF, PNG, JPEG, GIF, WEBP, TIFF = "application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "image/tiff"
ZIP, JSON, TEXT = "application/zip", "application/json", "text/plain"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."

MAGIC: list[tuple[str, Callable[[bytes], bool]]] = [
    (PDF, lambda head: head.startswith(b"%PDF-")),
    (PNG, lambda head: head.startswith(b"\x89PNG\r\n\x1a\n")),
    (JPEG, lambda head: head.startswith(b"\xff\xd8\xff")),
    (GIF, lambda head: head[:6] in (b"GIF87a", b"GIF89a")),
    (WEBP, lambda head: head.startswith(b"RIFF") and head[8:12] == b"WEBP"),
    (TIFF, lambda head: head[:4] in (b"II*\x00", b"MM\x00*")),
]
ARCHIVE = b"PK\x03\x04"
OFFICE = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
MARKUP = (b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml", b"<?php", b"#!", b"<body", b"<iframe")
CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\f")


class Refused(ValueError):
    """Raised for bytes of a kind that is not stored."""


def sniff(content: bytes) -> str:
    """The media type of the bytes; Refused when they are none that may be stored, whatever the file is called."""
    for media_type, is_it in MAGIC:
        if is_it(content[:16]):
            return media_type
    if content.startswith(ARCHIVE):
        return _archive(content)
    return _text(content)


def _archive(content: bytes) -> str:
    """What kind of ZIP it is; macros, and archives that hold programs by another name (JAR, APK), are refused."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            kind = (
                archive.read("mimetype")[:120].decode("ascii")
                if "mimetype" in names and archive.getinfo("mimetype").file_size < 120
                else ""
            )
    except (BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise Refused("the archive is damaged") from error
    if any(name.lower().endswith("vbaproject.bin") for name in names) or names & {
        "META-INF/MANIFEST.MF",
        "AndroidManifest.xml",
    }:
        raise Refused("the archive holds a program")
    if kind.startswith(OPEN_DOCUMENT):
        return kind
    return next((media_type for name, media_type in OFFICE.items() if name in names), ZIP)


def _text(content: bytes) -> str:
    """Plain UTF-8 text or JSON; never anything that a browser or a shell would run."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("it is neither text nor a known kind of file") from error
    if content.translate(None, CONTROLS) != content:
        raise Refused("it holds control characters")
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(MARKUP):
        raise Refused("it is markup or a script")
    if start[:1] in (b"{", b"["):
        try:
            json.loads(content)
        except (ValueError, RecursionError):
            return TEXT
        return JSON
    return TEXT
