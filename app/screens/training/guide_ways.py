"""What the guide says of each way to train: continued, specialised, with LoRA, distilled, with blanks."""

from __future__ import annotations

from typing import Any

from app.screen import GuideCard, Screen
from app.screens.training.modes import Mode, mode_of


class WaysGuide(Screen):
    """Part of the training screen: words that depend on how a training starts."""

    def words_of_ways(self, mode: Mode, recipe: dict[str, Any]) -> list[tuple[str, str]]:
        """(word, explanation) for what is planned or shown now."""
        objective, method = recipe.get("objective", "causal"), recipe.get("method", "full")
        known = {
            "fine": (self.tr("Specialise"), self.tr("To train a finished version on a small special text (fine-tuning): cheaper and better than from scratch.")),
            "lora": (self.tr("LoRA"), self.tr("Low-rank adaptation: the weights stay as they are, and small matrices beside them learn the difference.")),
            "replay": (self.tr("Replay"), self.tr("Old text that is read again beside the new, so that less of it is forgotten.")),
            "distil": (self.tr("Distil"), self.tr("A small model learns the probabilities of a large one, not only the right token.")),
            "masked": (self.tr("Pseudo bits/byte"), self.tr("Bits for each byte when each token is hidden in turn and guessed from both of its sides.")),
            "template": (self.tr("Chat template"), self.tr("How questions and answers are written as one text, with marks for who speaks.")),
            "dpo": (self.tr("DPO"), self.tr("Direct preference optimisation: makes the better of two answers more likely than the parent found it, and the worse one less.")),
        }  # fmt: skip
        wanted = {
            "fine": mode == "specialise", "lora": method == "lora",
            "replay": mode in ("continue", "specialise") and objective != "preference",
            "distil": objective == "distil", "masked": objective == "masked",
            "template": objective in ("chat", "preference"), "dpo": objective == "preference",
        }  # fmt: skip
        return [known[name] for name, shown in wanted.items() if shown]

    def cards_of_way(self, mode: Mode, recipe: dict[str, Any]) -> list[GuideCard]:
        """Before it begins: what this way is, in plain words."""
        objective, cards = recipe.get("objective", "causal"), list[GuideCard]()
        if mode == "continue":
            cards.append(GuideCard("ph.arrow-right", self.tr("Continue"), self.tr("The version goes on where it stopped: all it knows is kept to begin with, and it reads <b>more text</b>. Its size stays.")))  # fmt: skip
        if mode == "specialise":
            cards.append(GuideCard("ph.git-branch", self.tr("Why specialise?"), self.tr("Who can read already learns a new subject quickly. A version that has read much needs only <b>little text</b> and <b>little time</b> to take on a style or a job, and gets better at it than one that begins from nothing.")))  # fmt: skip
        if mode == "distil":
            cards.append(GuideCard("ph.drop", self.tr("Learning from a teacher"), self.tr("The teacher says of every place <b>how likely each token is</b>. That tells the pupil more than the one token that stands there, so a small model gets almost as good.")))  # fmt: skip
        if objective == "masked":
            cards.append(GuideCard("ph.article", self.tr("Filling in blanks"), self.tr("Some tokens are hidden, and it guesses them from <b>both sides</b>. Such a model understands text well, but writes none.")))  # fmt: skip
        if recipe.get("method") == "lora":
            cards.append(GuideCard("ph.stack", self.tr("LoRA in plain words"), self.tr("The book stays as it is printed; what is new stands on <b>thin slips between its pages</b>. They need little memory and can be taken out again.")))  # fmt: skip
        return cards + self._card_of_answers(objective)

    def sentence_of_run(self, config: dict[str, Any]) -> str:
        """What a run practises, where it is not plain reading; "" else."""
        recipe: dict[str, Any] = config.get("recipe") or {}
        words = {
            "masked": self.tr("It practises filling in hidden tokens from both of their sides."),
            "chat": self.tr("It learns to answer: only the answers count, the questions are read."),
            "preference": self.tr("It learns which of two answers is better."),
            "distil": self.tr("It imitates the probabilities of its teacher, beside the text itself."),
        }  # fmt: skip
        parts = [words.get(str(recipe.get("objective")), "")]
        if recipe.get("method") == "lora":
            parts.append(self.tr("Only the small matrices of LoRA change."))
        if float(recipe.get("replay_share") or 0) > 0:
            parts.append(
                self.tr("<b>{share} %</b> of what it reads is its old text again.").format(
                    share=f"{float(recipe['replay_share']) * 100:.0f}"
                )
            )
        if mode_of(config) == "specialise" and not any(parts):
            parts.append(self.tr("It takes on what is special about this text."))
        return " ".join(part for part in parts if part)

    def _card_of_answers(self, objective: str) -> list[GuideCard]:
        if objective == "chat":
            return [GuideCard("ph.chat-circle", self.tr("From writing to answering"), self.tr("A version that only read goes on with every text. From conversations it learns <b>when it is its turn</b>, and to stop when the answer is said."))]  # fmt: skip
        if objective == "preference":
            return [GuideCard("ph.thumbs-up", self.tr("Better and worse"), self.tr("From pairs of answers it learns a taste: what you corrected or praised becomes <b>more likely</b>, what you turned down less."))]  # fmt: skip
        return []
