"""What the guide says beside the corpus tab."""

from __future__ import annotations

from app.formatting import amount_text, duration, grouped, share
from app.screen import GuideCard, Screen
from core.corpus.manifest import CorpusManifest
from core.engine.record import JobRecord

_BOOK_CHARACTERS = 100_000


class CorpusGuide(Screen):
    """Part of the corpus screen: its words and cards."""

    def _reading(self) -> JobRecord | None:
        """The reading that goes on, if any."""
        return self.context.bridge.active_run("read")

    def guide_words(self) -> list[tuple[str, str]]:
        return [
            (self.tr("Corpus"), self.tr("A named collection of text that a model learns from.")),
            (self.tr("Document"), self.tr("One text in it: a file, or one row of a JSON Lines file.")),
            (self.tr("Token"), self.tr("A piece of text that the model reads at once: a word, a part of a word, or a sign.")),
            (self.tr("Vocabulary"), self.tr("All the different tokens that the tokenizer knows.")),
            (self.tr("Unseen text"), self.tr("Text kept out of training, so that a test on it is honest.")),
        ]  # fmt: skip

    def _first_cards(self) -> list[GuideCard]:
        return [
            GuideCard("ph.hand-pointing", self.tr("First, collect"), self.tr(
                "A language model learns by reading a lot of text and guessing what comes next. "
                "So first, collect the text it shall read.")),
            GuideCard("ph.ruler", self.tr("How much is needed?"), self.tr(
                "With <b>1 MB</b> (about three paperbacks) sentences take shape; beyond <b>50 MB</b> "
                "a thread begins to run through them.")),
            GuideCard("ph.shield-check", self.tr("Nothing leaves"), self.tr(
                "Text and models stay on this computer. Training uses no network.")),
            GuideCard("ph.scales", self.tr("Mind the rights"), self.tr(
                "With other people's text, make sure that you may use it. Where it came from is "
                "kept with every version.")),
        ]  # fmt: skip

    def _corpus_cards(self, manifest: CorpusManifest) -> list[GuideCard]:
        totals, cards = manifest.totals, list[GuideCard]()
        record = self._reading()
        if record is not None:
            progress = record.progress
            eta = progress.eta if progress else None
            text = self.tr("The files are being read. You can go on working meanwhile.")
            if eta:
                text += " " + self.tr("About <b>{time}</b> left.").format(time=duration(eta))
            cards.append(GuideCard("ph.eye", self.tr("What happens now"), text))
        elif not manifest.snapshot:
            cards.append(
                GuideCard(
                    "ph.pause",
                    self.tr("Half read"),
                    self.tr(
                        "Reading was stopped before its end. What was read is kept: “Go on reading” reads only "
                        "the rest."
                    ),
                )
            )
        else:
            cards.append(GuideCard("ph.eye", self.tr("What is here"), self.tr(
                "<b>{characters}</b> characters in <b>{documents}</b> documents: about as much as "
                "<b>{books}</b> paperbacks.").format(
                    characters=amount_text(totals.characters),
                    documents=grouped(manifest.totals.documents),
                    books=f"{max(0.1, totals.characters / _BOOK_CHARACTERS):,.1f}")))  # fmt: skip
        if totals.skipped:
            cards.append(GuideCard("ph.warning", self.tr("Worth a look"), self.tr(
                "Skipped files: <b>{count}</b>. “Every file” lists each with its reason.").format(
                    count=totals.skipped)))  # fmt: skip
        doubles = totals.duplicates + totals.near_duplicates
        if doubles:
            cards.append(GuideCard("ph.copy", self.tr("Said twice"), self.tr(
                "<b>{count}</b> documents are equal or nearly equal to others. Reading the same text "
                "many times invites memorising.").format(count=grouped(doubles))))  # fmt: skip
        if totals.tokens:
            kept = totals.heldout_bytes / max(1, totals.heldout_bytes + totals.train_bytes)
            by = (
                self.tr("by whole documents") if manifest.heldout_by == "document"
                else self.tr("in blocks, because there are few documents")
            )  # fmt: skip
            cards.append(GuideCard("ph.eye-slash", self.tr("Kept for the test"), self.tr(
                "<b>{share}</b> is never shown to the model ({by}). Later it tells whether it has "
                "understood or only memorised.").format(share=share(kept), by=by)))  # fmt: skip
            cards.append(GuideCard("ph.palette", self.tr("Why the colours?"), self.tr(
                "The model does not read letters but <b>tokens</b>: pieces of text. One colour is one "
                "token; here a token has about <b>{bytes}</b> bytes.").format(
                    bytes=f"{manifest.tokenizer.bytes_per_token:.1f}" if manifest.tokenizer else "—")))  # fmt: skip
        return cards
