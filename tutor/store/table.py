"""Reviews as rows of a spreadsheet (CSV)."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tutor.store.records import Review

COLUMNS: Final = (
    "time", "exercise", "revision", "seed", "params", "language", "verdict", "rating", "score",
    "attempts", "hints", "gave_up", "seconds", "answers", "near_misses", "device", "uuid",
    "torch_version", "app_version",
)  # fmt: skip

#: A spreadsheet takes a text that begins so for a formula, and would run it.
_FORMULA: Final = re.compile(r"^[\s\x00]*[=+\-@|%\t\r＝＋－＠]")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?", re.IGNORECASE)


def rows_of(reviews: Iterable[Review]) -> Iterator[bytes]:
    """The head and a row for each review, oldest first, in UTF-8 with the mark that Excel needs."""
    yield b"\xef\xbb\xbf" + _row(COLUMNS)
    for review in reviews:
        yield _row(_cells(review))


def harmless(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula: a quote goes before one that looks so."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _row(cells: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow([harmless(cell) for cell in cells])
    return text.getvalue().encode("utf-8", "replace")  # half a surrogate pair becomes "?"


def _cells(review: Review) -> list[str]:
    last = review.attempts[-1] if review.attempts else None
    given = last.answers if last is not None else {}
    answers = given.values() if len(given) == 1 else (f"{n}: {t}" for n, t in given.items())
    return [
        _time(review.at, review.utc_offset),
        review.exercise_id,
        str(review.revision),
        str(review.seed),
        json.dumps(dict(review.params), ensure_ascii=False),
        review.language,
        "gave up" if review.gave_up else last.verdict if last is not None else "",
        review.rating.name.lower(),
        f"{review.score:g}",
        str(len(review.attempts)),
        str(review.hints_used),
        str(int(review.gave_up)),
        f"{review.seconds:.1f}",
        "; ".join(answers),
        " ".join(near for attempt in review.attempts for near in attempt.near),
        review.device,
        review.uuid,
        review.torch_version,
        review.app_version,
    ]


def _time(at_ms: int, offset_minutes: int) -> str:
    """The moment on the learner's own clock, as ISO 8601."""
    zone = timezone(timedelta(minutes=offset_minutes))
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms)
    return moment.astimezone(zone).isoformat(timespec="seconds")
