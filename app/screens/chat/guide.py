"""What the guide says beside the chat tab."""

from __future__ import annotations

from app.screen import GuideCard, Screen


class ChatGuide(Screen):
    """Part of the chat screen: its words and cards."""

    def guide_cards(self) -> list[GuideCard]:
        return [
            GuideCard("ph.chats-circle", self.tr("It continues"), self.tr(
                "A base version has only learned which token comes next. It does not answer questions; "
                "it <b>goes on</b> in the manner of its text. So give it a beginning.")),
            GuideCard("ph.palette", self.tr("What the shading says"), self.tr(
                "<b>Dark</b>: it was sure. <b>Pale</b>: it hesitated. A red line: this token was not even "
                "among its ten best guesses; it was drawn by chance.")),
            GuideCard("ph.sliders-horizontal", self.tr("Daring"), self.tr(
                "A low temperature repeats what is likely, a high one dares more and errs more. The same "
                "<b>seed</b> gives the same answer again.")),
            GuideCard("ph.warning-circle", self.tr("What it cannot do"), self.tr(
                "A small model is a tool, not an oracle: it knows the sound of its books, not the truth "
                "of the world.")),
        ]  # fmt: skip

    def guide_words(self) -> list[tuple[str, str]]:
        return [
            (self.tr("Base version"), self.tr("Continues text. A chat version answers.")),
            (self.tr("Temperature"), self.tr("How much chance has a say in the choice of tokens.")),
            (self.tr("Context"), self.tr("How many tokens the version can look back on.")),
        ]  # fmt: skip
