"""All answers of a question, one panel under the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical

from tutor.app.widgets.answer.panel import AnswerPanel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from textual.widget import Widget

    from tutor.grading.verdict import AnswerVerdict
    from tutor.presenting.forms import Form


class AnswerForm(Vertical):
    """Holds the panels and speaks to them by the answers' names."""

    DEFAULT_CSS = """
    AnswerForm { height: auto; }
    """

    async def show(self, forms: Iterable[Form]) -> None:
        """Ask for other answers; what was typed is gone."""
        await self.remove_children()
        await self.mount_all(AnswerPanel(form) for form in forms)

    def update(self, forms: Iterable[Form]) -> None:
        """The same answers with other offers; what was typed stays."""
        for panel, form in zip(self.panels, forms, strict=True):
            panel.update_form(form)

    @property
    def panels(self) -> list[AnswerPanel]:
        return list(self.query(AnswerPanel))

    @property
    def texts(self) -> dict[str, str]:
        """What was typed, by the answers' names."""
        return {panel.form.name: panel.text for panel in self.panels}

    def load(self, texts: Mapping[str, str]) -> None:
        """Type what was typed before; answers that ``texts`` has nothing for stay as they are."""
        for panel in self.panels:
            if panel.form.name in texts:
                panel.field.load_text(texts[panel.form.name])
                # Where it was typed last, and goes on; an untouched starter of code is begun at its top.
                if panel.text != (panel.form.starter or "").rstrip("\n"):
                    panel.field.move_cursor(panel.field.document.end)

    @property
    def forms(self) -> dict[str, Form]:
        """What is asked for, by the answers' names."""
        return {panel.form.name: panel.form for panel in self.panels}

    @property
    def first_field(self) -> Widget | None:
        panels = self.panels
        return panels[0].entry if panels else None

    @property
    def here(self) -> AnswerPanel | None:
        """The panel with the focus; the first one if none has it."""
        panels = self.panels
        return next((panel for panel in panels if panel.has_focus_within), next(iter(panels), None))

    def go_to_empty(self) -> bool:
        """Move to the next empty field after the one with the focus; whether there was another."""
        panels = self.panels
        here = next((i for i, panel in enumerate(panels) if panel.has_focus_within), -1)
        others = (*panels[here + 1 :], *panels[: max(here, 0)])
        for panel in others:
            if panel.is_empty:
                # At once: the next key may already be on its way.
                self.screen.set_focus(panel.entry)
                return True
        return False

    def show_verdicts(
        self, verdicts: Mapping[str, AnswerVerdict], graded: Mapping[str, str]
    ) -> None:
        """Mark each answer; one that was edited since ``graded`` was sent is left as it is."""
        first_invalid = None
        for panel in self.panels:
            verdict = verdicts.get(panel.form.name)
            if verdict is None or graded.get(panel.form.name) != panel.text:
                continue
            if verdict.verdict.value == "invalid":
                panel.show_invalid(verdict.line, verdict.column, verdict.message)
                first_invalid = first_invalid or panel
            else:
                panel.show_right(verdict.verdict.value == "correct", in_words=len(verdicts) > 1)
        if first_invalid is not None and not first_invalid.has_focus_within:
            first_invalid.field.focus()

    def show_right(self, texts: Mapping[str, str]) -> None:
        """The question is over: mark what would have been right, where it can be marked."""
        for panel in self.panels:
            if panel.view is not None and panel.form.name in texts:
                panel.view.show_right(texts[panel.form.name])

    def close(self) -> None:
        """The question is over: nothing can be typed any more."""
        for panel in self.panels:
            panel.close()
