"""From what the form says to a training that begins, and a free name for it."""

from __future__ import annotations

from typing import Any

from app.messages import explain, translate
from app.screens.training.worth_actions import WorthActions
from core.config import build
from core.corpus.weights import pinned
from core.engine.record import JobRecord
from core.errors import NameTaken, TerakoyaError
from core.jobs.kinds import TrainJob
from core.recipe import Recipe
from core.versions.library import good_version_name


class Starting(WorthActions):
    """Part of the training screen."""

    _suggested: str

    def _active(self) -> JobRecord | None:
        raise NotImplementedError

    def _locked(self) -> bool:
        raise NotImplementedError

    def _show_template(self, folder: str, choice: str) -> None:
        """Rendered by the library worker: the window holds no tokenizer."""
        words = self.tr("How are you?"), self.tr("I am well.")
        messages = [
            {"role": role, "content": said}
            for role, said in zip(("user", "assistant"), words, strict=True)
        ]
        learn = self.form.learn

        def told(found: dict[str, Any]) -> None:
            if self.form.template_asked() == (folder, choice):
                learn.show_template(str(found["kind"]), found["cells"])

        self.context.bridge.library(
            "conversation", {"folder": folder, "template": choice, "messages": messages}, told,
            lambda sentence: self.form.show_faults([("chat_template", translate(sentence))], focus=False),
        )  # fmt: skip

    def start(self) -> None:
        """Check what the form says, hand it to the engine; every fault is told at once."""
        self.form.clear_errors()
        wanted = self.form.wanted()
        name, faults = wanted.name, self.form.faults()
        try:
            name = good_version_name(wanted.name)
            self.context.versions.ensure_free(name)
            if name.casefold() in self._names_in_training():
                raise NameTaken("name", name=name)
        except TerakoyaError as error:
            faults.insert(0, ("name", explain(error)))
        if faults:
            self.form.show_faults(faults)
            return
        corpus = wanted.corpus
        assert corpus is not None
        try:
            config = TrainJob(
                version=name, **pinned([(corpus, 1.0), *wanted.mixed]),
                tokenizer=corpus.tokenizer.hash if corpus.tokenizer else "",
                recipe=build(Recipe, wanted.values),
                parent=wanted.parent.id if wanted.parent else None,
                teacher=wanted.teacher.id if wanted.teacher else None, lessons=wanted.lessons,
                title=name, device=wanted.device,
            )  # fmt: skip
            run = self.context.bridge.submit("train", config, name)
        except TerakoyaError as error:
            self.form.show_error(error)
            return
        self._unlocked = False
        self.show_run(run)

    def _start_by_key(self) -> None:
        if not self._locked() and self.form.wanted().corpus is not None:
            self.start()

    def _suggest_name(self) -> None:
        """A free name: of the parent's series, or of the corpus."""
        wanted = self.form.wanted()
        base = wanted.corpus.name if wanted.corpus else self.tr("My model")
        before = wanted.parent or wanted.teacher
        if before is not None:
            base = before.manifest.series or before.name
        try:
            self._suggested = self._free_name(base[:60])
        except TerakoyaError:
            self._suggested = self._free_name("model")
        self.form.set_name(self._suggested)

    def _suggest_again(self) -> None:
        """Another way to start: a name that the user wrote stays."""
        if self.form.name() in ("", self._suggested):
            self._suggest_name()

    def _free_name(self, wanted: str) -> str:
        """Free on the shelf, and not the name of an edition that is on its way there."""
        coming, name, number = self._names_in_training(), self.context.versions.free_name(wanted), 2
        while name.casefold() in coming:
            name = self.context.versions.free_name(f"{wanted} {number}")
            number += 1
        return name

    def _names_in_training(self) -> set[str]:
        runs = self.context.bridge.runs("train")
        return {str(r.job.config.get("version", "")).casefold() for r in runs if r.active}
