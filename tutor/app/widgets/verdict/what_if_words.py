"""A comparison of two programs in words and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual.content import Content

from tutor.app.text.highlight import python
from tutor.app.text.prose import prose
from tutor.i18n import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.whatif import Difference, Row, WhatIf

#: Cells between two columns.
GAP: Final = 3
#: Those of the sign between before and after, with its own gap.
ARROW: Final = 3


def difference_words(one: Difference) -> str:
    """One difference in a line, its code between backticks."""
    parts = one.within
    if parts is not None:
        before, after = parts[0].strip(" ,;"), parts[1].strip(" ,;")
        line = one.line
        if after == "pass":
            return _("without line {line}: `{code}`").format(line=line, code=before)
        if before and after:
            return _("line {line}: `{before}` → `{after}`").format(
                line=line, before=before, after=after
            )
        if before:
            return _("line {line} without `{before}`").format(line=line, before=before)
        return _("line {line} with `{after}` added").format(line=line, after=after)
    if not one.after and len(one.before) == 1:
        return _("without line {line}: `{code}`").format(line=one.line, code=one.before[0].strip())
    if not one.before and len(one.after) == 1:
        if one.line == 1:
            return _("before line 1: `{code}`").format(code=one.after[0].strip())
        return _("after line {line}: `{code}`").format(line=one.line - 1, code=one.after[0].strip())
    n = max(len(one.before), len(one.after))
    return ngettext(
        "{n} line changed from line {line} on", "{n} lines changed from line {line} on", n
    ).format(n=n, line=one.line)


def differences_words(found: Sequence[Difference]) -> str:
    """All differences, one after the other; the same program again has none."""
    return "; ".join(map(difference_words, found)) if found else _("nothing: the program as it was")


def comparison(result: WhatIf, width: int) -> Content:
    """What came of a what-if, at most ``width`` cells wide where its values allow."""
    parts = [_edited(result)]
    if result.stopped:
        parts.append(_bad("⊘", result.stopped))
    elif result.raised is not None and not any(row.expression is None for row in result.rows):
        parts.append(_raised(result))
    parts.append(_table(result.rows, width, heading=True))
    if not result.stopped and not any(row.changed for row in result.rows):
        parts.append(
            Content.styled(_("The edit changes nothing that was asked."), "$foreground 70%")
        )
    if result.others:
        head = Content.styled(_("Also different"), "$foreground 60%")
        parts.append(head + "\n" + _table(result.others, width, heading=False))
    if result.output.strip():
        head = Content.styled(_("It printed"), "$foreground 60%")
        parts.append(head + "\n" + Content.styled(result.output.rstrip(), "italic"))
    return Content("\n").join(part for part in parts if part.plain)


def _edited(result: WhatIf) -> Content:
    label = Content.styled(_("Changed") + "  ", "$foreground 60%")
    first = next(iter(result.differences), None)
    if first is not None and len(result.differences) == 1 and first.within is None and first.after:
        old = [Content.styled("− ", "bold $error") + python(line) for line in first.before]
        new = [Content.styled("+ ", "bold $success") + python(line) for line in first.after]
        return Content("\n").join([label + prose(difference_words(first)), *old, *new])
    return label + prose(differences_words(result.differences))


def _raised(result: WhatIf) -> Content:
    from tutor.grading.truths import describe  # not before the first paint

    assert result.raised is not None  # noqa: S101 - the caller has looked
    return _bad("✗", _("It stops with {error}").format(error=describe(result.raised)))


def _bad(sign: str, text: str) -> Content:
    return Content.styled(f"{sign} {text}", "bold $warning")


# -- columns ------------------------------------------------------------------------------------------


def label_of(expression: str | None) -> str:
    """What stands before a row: an expression as it is, or a word for the error."""
    return _("error") if expression is None else expression


def _table(rows: Sequence[Row], width: int, *, heading: bool) -> Content:
    if not rows:
        return Content("")
    labels = [label_of(row.expression) for row in rows]
    first = min(max(map(cell_len, labels)), max(12, width // 3))
    texts = [text for row in rows for text in (*_lines(row.before), *_lines(row.after))]
    words = (_("before"), _("after"))
    column = max(map(cell_len, (*texts, *(words if heading else ()))), default=0)
    beside = first + 2 * column + 3 * GAP + ARROW <= width
    blocks: list[Content] = []
    if heading and beside:
        head = _pad("", first) + _pad(words[0], column + ARROW) + words[1]
        blocks.append(Content.styled(head, "$foreground 60%"))
    for label, row in zip(labels, rows, strict=True):
        blocks.append(_beside(label, row, first, column) if beside else _below(label, row))
    return Content("\n").join(blocks)


def _beside(label: str, row: Row, first: int, column: int) -> Content:
    befores, afters = _lines(row.before), _lines(row.after)
    lines = []
    for i in range(max(len(befores), len(afters))):
        before = befores[i] if i < len(befores) else ""
        after = afters[i] if i < len(afters) else ""
        name = Content.styled(_pad(label if i == 0 else "", first), "bold $primary")
        sign = _sign(row) if i == 0 else Content(" ")
        lines.append(name + Content(_pad(before, column)) + sign + "  " + _new(row, after))
    return Content("\n").join(line.rstrip() for line in lines) + _said(row)


def _below(label: str, row: Row) -> Content:
    words = (_("before"), _("after"))
    room = max(map(cell_len, words)) + 2
    lines = [Content.styled(label, "bold $primary") + "  " + _sign(row)]
    for word, text, new in ((words[0], row.before, False), (words[1], row.after, True)):
        inner = ("\n" + " " * (room + 2)).join(_lines(text))
        head = Content.styled("  " + word + " " * (room - cell_len(word)), "$foreground 60%")
        lines.append(head + (_new(row, inner) if new else Content(inner)))
    return Content("\n").join(lines) + _said(row)


def _new(row: Row, text: str) -> Content:
    return Content.styled(text, "bold $success" if row.changed else "")


def _sign(row: Row) -> Content:
    return Content.styled("≠" if row.changed else "=", "bold" if row.changed else "$foreground 60%")


def _said(row: Row) -> Content:
    """What became of the prediction, in a line of its own."""
    if not row.predicted:
        return Content("")
    if row.right is None:
        reason = row.problem or _("this value cannot be compared")
        text = _("You expected {text}: {reason}").format(text=row.predicted, reason=reason)
        return Content("\n") + Content.styled("  · " + text, "$warning")
    if row.right:
        return Content("\n") + Content.styled("  ✓ " + _("as you expected"), "bold $success")
    text = _("you expected {text}").format(text=row.predicted)
    return Content("\n") + Content.styled("  ✗ " + text, "bold $error")


def _lines(text: str) -> list[str]:
    return (text or "—").split("\n")


def _pad(text: str, width: int) -> str:
    return text + " " * (max(0, width - cell_len(text)) + GAP)
