"""One answer from the terminal: lines up to where it ends, commands in between, what was read of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tutor.answer import MESSAGES, InvalidAnswer
from tutor.editor import EditorError, edit_text
from tutor.i18n import _
from tutor.plain.console import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.plain.console import Console
    from tutor.presenting.forms import Form

#: Ends an answer of several lines.
END: Final = "."


class Command(Exception):
    """A line that is no part of an answer: ``:hint``."""


class AnswerPrompt:
    """``obey`` does what a command says; ``editor`` is the command that is set for it, if one is."""

    def __init__(self, console: Console, editor: str, obey: Callable[[str], None]) -> None:
        self._console = console
        self._say = console.say
        self._editor = editor
        self._obey = obey

    def ask(self, form: Form, before: str) -> str:
        """One answer's text, readable by now; an empty line keeps ``before``."""
        self._say(plain(form.title) + (f" ({form.rule})" if form.rule else ""))
        for letter, text in form.offers:
            inner = "\n     ".join((text if form.are_code else plain(text)).split("\n"))
            self._say(f"  {letter}  {inner}")
        before = before or form.starter or ""
        if form.starter is not None:
            self._say_code(before)
        elif before:
            self._say(_("Empty keeps: {text}").format(text=" ".join(before.split("\n"))))
        while True:
            try:
                text = self._code(before) if form.starter is not None else self._lines(form, before)
            except Command as command:
                edited = self._edited(form, before) if str(command) == ":edit" else None
                if edited is None:
                    self._obey(str(command))
                    continue
                text = edited
            if not text.strip():
                self._say(_("Type an answer, or :help."))
                continue
            try:
                self._say(_("read as:") + " " + form.echo(text))
            except InvalidAnswer as error:
                self._say_invalid(error, in_lines="\n" in text or form.starter is not None)
            else:
                return text

    def _say_code(self, code: str) -> None:
        for line in code.rstrip("\n").split("\n"):
            self._say(f"  | {line}")
        self._say(
            _(
                "Write the lines anew and end with a line that is only a dot; a dot alone keeps these."
            )
        )

    def _say_invalid(self, error: InvalidAnswer, *, in_lines: bool) -> None:
        message = _(MESSAGES[error.key]).format(**error.params)
        where = _("line {line}, column {column}: ") if in_lines else _("column {column}: ")
        self._say(where.format(line=error.line, column=error.column) + plain(message))

    def line(self, prompt: str) -> str:
        """A line of an answer.

        Raises:
            Command: it is a command.
            EOFError: there is none, or the learner leaves.
        """
        line = self._console.ask(prompt)
        word = line.strip()
        if word == ":quit":
            raise EOFError
        if word.startswith(":"):
            raise Command(word)
        return line

    def _lines(self, form: Form, before: str) -> str:
        """One line, and those after it while a bracket is open: a printed tensor has several."""
        text = self.line(f"{form.name}>")
        if not text.strip():
            return before
        while _open_brackets(text) > 0:
            more = self.line("...")
            if not more.strip():
                break
            text += "\n" + more
        return text

    def _code(self, before: str) -> str:
        lines: list[str] = []
        while (line := self.line("...")).rstrip() != END:
            lines.append(line)
        return "\n".join(lines) if lines else before

    def _edited(self, form: Form, before: str) -> str | None:
        """The answer as it was left in the learner's editor; ``None`` if it cannot be used here."""
        if not self._console.is_terminal:
            return None
        suffix = ".txt" if form.starter is None else ".py"
        try:
            text = edit_text(before, self._editor, suffix=suffix)
        except EditorError as error:
            self._say(str(error))
            return before
        self._say(text)
        return text


def _open_brackets(text: str) -> int:
    """How many brackets are still to be closed; full-width ones count too."""
    return sum(text.count(c) for c in "([（【") - sum(text.count(c) for c in ")]）】")
