"""What the catalogues must hold: every text of the program, found in its source.

Run as a script it brings ``data/locale`` up to date: new texts come in untranslated, texts that are gone
leave, and the compiled catalogues are written anew.  Then translate what the test names, and run it again.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import tutor
from tutor.answer import MESSAGES
from tutor.i18n import DOMAIN, LANGUAGES
from tutor.locations import data_dir

KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}


def wanted() -> Catalog:
    """Every text in the source, and what the readers of answers say (a table, by keys)."""
    catalogue = Catalog(domain=DOMAIN)
    source = Path(tutor.__file__).parent
    for _file, _line, message, _comments, context in extract_from_dir(source, keywords=KEYWORDS):
        catalogue.add(message, context=context)
    for message in MESSAGES.values():
        catalogue.add(message)
    return catalogue


def po_path(language: str) -> Path:
    return data_dir() / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Catalog:
    with po_path(language).open("rb") as file:
        catalogue = read_po(file, locale=language, domain=DOMAIN)
    # Not now: the same texts make the same files.
    catalogue.creation_date = catalogue.revision_date = datetime.fromtimestamp(0, UTC)
    return catalogue


def update() -> None:
    """Write every catalogue anew from what is wanted and what is translated."""
    for language in LANGUAGES:
        if language == "en":
            continue
        catalogue = read(language)
        catalogue.update(wanted(), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        text = io.BytesIO()
        write_po(text, catalogue, sort_output=True)
        lines = text.getvalue().splitlines(keepends=True)
        po_path(language).write_bytes(b"".join(line for line in lines if not _varies(line)))
        with po_path(language).with_suffix(".mo").open("wb") as file:
            write_mo(file, read(language))


def _varies(line: bytes) -> bool:
    """Whether a line of the head would change from run to run, or says nothing."""
    heads = (b"Report-Msgid", b"POT-Creation", b"PO-Revision", b"Last-Translator", b"Generated-By")
    return line.startswith(tuple(b'"' + head for head in heads))


if __name__ == "__main__":
    update()
