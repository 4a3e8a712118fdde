"""Pages prepared before they are sealed, so that a small update afterwards shows what was hidden all along (shadow attacks)."""

from __future__ import annotations

from collections.abc import Callable

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.portal.seals.attacks import name, number, stamp, updated

Change = Callable[[IncrementalPdfFileWriter], None]


def shadowed(seal: Callable[[bytes], bytes], pages: bytes) -> dict[str, bytes]:
    """Each of the pages, prepared, sealed by `seal` and then revealed."""
    return {
        f"shadow: {label}": updated(seal(updated(pages, prepare)), reveal)
        for label, (prepare, reveal) in SHADOWS.items()
    }


def _lift(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Annots"] = generic.ArrayObject(list(page["/Annots"])[1:])
    writer.update_container(page)


def _sum(amount: str) -> Change:
    def change(writer: IncrementalPdfFileWriter) -> None:
        form = writer.root.get("/AcroForm") or generic.DictionaryObject({name("/Fields"): generic.ArrayObject()})
        kept = [field for field in list(form["/Fields"]) if field.get_object()["/T"] != "Sum"]
        field = generic.DictionaryObject(
            {
                name("/FT"): name("/Tx"), name("/T"): generic.TextStringObject("Sum"),
                name("/V"): generic.TextStringObject(amount),
            }
        )  # fmt: skip
        form["/Fields"] = generic.ArrayObject([*kept, writer.add_object(field)])
        writer.root["/AcroForm"] = form
        writer.update_root()

    return change


def _hide_a_tree(writer: IncrementalPdfFileWriter) -> None:
    tree = generic.DictionaryObject(writer.root["/Pages"])
    tree["/Kids"], tree["/Count"] = generic.ArrayObject([tree["/Kids"].raw_get(1)]), number(1)
    writer.root["/PieceInfo"] = generic.DictionaryObject({name("/Hidden"): writer.add_object(tree)})
    writer.update_root()


def _show_the_tree(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/Pages"] = writer.root["/PieceInfo"].raw_get("/Hidden")
    writer.update_root()


SHADOWS: dict[str, tuple[Change, Change]] = {
    "hide": (stamp, _lift),
    "replace": (_sum("100"), _sum("900")),
    "hide and replace": (_hide_a_tree, _show_the_tree),
}
