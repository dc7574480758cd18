"""What cleaning can do, in words, and how much each option did."""

from __future__ import annotations

from typing import get_args

from PySide6.QtCore import QCoreApplication

from app.formatting import compact, grouped
from core.corpus.manifest import CorpusManifest
from core.jobs.kinds import Personal

PERSONAL: tuple[Personal, ...] = get_args(Personal)
SWITCHES = (
    "duplicates", "near_duplicates", "paragraphs", "gutenberg", "aozora_ruby", "aozora_notes",
    "html_boilerplate", "pdf_furniture", "control_characters", "mojibake",
)  # fmt: skip
"""Options of CleaningOptions that are on or off."""
_OF_DOCUMENTS = ("duplicates", "near_duplicates", "least_characters", "languages")


def words(name: str) -> tuple[str, str]:
    """(label, explanation) of an option."""
    texts = {
        "duplicates": (
            QCoreApplication.translate("Cleaning", "Merge duplicates"),
            QCoreApplication.translate("Cleaning", "Equal documents are read once: reading them often invites memorising."),
        ),
        "near_duplicates": (
            QCoreApplication.translate("Cleaning", "Merge near-duplicates"),
            QCoreApplication.translate("Cleaning", "Of documents that differ in few places, one is read."),
        ),
        "paragraphs": (
            QCoreApplication.translate("Cleaning", "Repeated paragraphs once"),
            QCoreApplication.translate("Cleaning", "Paragraphs that many documents repeat, such as signatures and notices, are kept once."),
        ),
        "least_characters": (
            QCoreApplication.translate("Cleaning", "Shortest document"),
            QCoreApplication.translate("Cleaning", "Documents with fewer characters are left out. 0 keeps all."),
        ),
        "languages": (
            QCoreApplication.translate("Cleaning", "Languages"),
            QCoreApplication.translate("Cleaning", "Documents in other languages are left out."),
        ),
        "gutenberg": (
            QCoreApplication.translate("Cleaning", "Strip Gutenberg licences"),
            QCoreApplication.translate("Cleaning", "Removes the licence before and after books of Project Gutenberg."),
        ),
        "aozora_ruby": (
            QCoreApplication.translate("Cleaning", "Strip ruby readings 《》"),
            QCoreApplication.translate("Cleaning", "Removes reading aids of Aozora Bunko such as 《てらこや》 and the mark ｜."),
        ),
        "aozora_notes": (
            QCoreApplication.translate("Cleaning", "Strip notes ［＃…］"),
            QCoreApplication.translate("Cleaning", "Removes typesetting notes, the legend and the colophon of Aozora Bunko."),
        ),
        "html_boilerplate": (
            QCoreApplication.translate("Cleaning", "Strip web page menus"),
            QCoreApplication.translate("Cleaning", "Removes navigation, menus, cookie notices and footers of web pages."),
        ),
        "pdf_furniture": (
            QCoreApplication.translate("Cleaning", "Strip PDF page numbers"),
            QCoreApplication.translate("Cleaning", "Removes page numbers and running heads of PDF pages, and joins words that were hyphenated at line ends."),
        ),
        "control_characters": (
            QCoreApplication.translate("Cleaning", "Strip control characters"),
            QCoreApplication.translate("Cleaning", "Removes invisible characters that are no text."),
        ),
        "mojibake": (
            QCoreApplication.translate("Cleaning", "Mend garbled characters"),
            QCoreApplication.translate("Cleaning", "Text that was once opened in a wrong encoding and saved is made readable again."),
        ),
        "unicode": (
            QCoreApplication.translate("Cleaning", "Normal form"),
            QCoreApplication.translate("Cleaning", "One way of writing for characters that look alike. NFKC also makes full-width letters and half-width kana usual."),
        ),
        "personal": (
            QCoreApplication.translate("Cleaning", "Mask personal data"),
            QCoreApplication.translate("Cleaning", "Puts a mark in the place of mail addresses, numbers and the like. Names are not found: read through what others must not see."),
        ),
    }  # fmt: skip
    return texts[name]


def personal_words(kind: str) -> str:
    return {
        "mail": QCoreApplication.translate("Cleaning", "Mail addresses"),
        "phone": QCoreApplication.translate("Cleaning", "Phone numbers"),
        "postal": QCoreApplication.translate("Cleaning", "Postal codes"),
        "my_number": QCoreApplication.translate("Cleaning", "My Number"),
        "card": QCoreApplication.translate("Cleaning", "Card numbers"),
        "ip": QCoreApplication.translate("Cleaning", "IP addresses"),
    }[kind]


def count_of(manifest: CorpusManifest, name: str) -> int:
    """What an option did when the corpus was read: documents, places or characters."""
    totals = manifest.totals
    match name:
        case "duplicates":
            return totals.duplicates
        case "near_duplicates":
            return totals.near_duplicates
        case "personal":
            places = sum(manifest.removed.get(f"personal_{kind}", 0) for kind in PERSONAL)
            return places or manifest.removed.get("personal", 0)
        case _:
            return manifest.removed.get(name, 0)


def documents_text(count: int) -> str:
    """ "−12 docs" """
    return QCoreApplication.translate("Cleaning", "−{count} docs").format(count=grouped(count))


def count_text(manifest: CorpusManifest, name: str) -> str:
    """ "−12 docs", "−3.4k ch.", "31 places", "0"."""
    count = count_of(manifest, name)
    if not count:
        return "0"
    if name in _OF_DOCUMENTS:
        return documents_text(count)
    if name == "personal":
        return QCoreApplication.translate("Cleaning", "{count} places").format(count=grouped(count))
    if name in ("unicode", "mojibake"):  # They change characters, and remove few.
        return QCoreApplication.translate("Cleaning", "{count} mended").format(count=compact(count))
    return QCoreApplication.translate("Cleaning", "−{count} ch.").format(count=compact(count))
