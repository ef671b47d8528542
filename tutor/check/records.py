"""Results recorded earlier: when torch changes what a program gives, it is told, never silently regraded.

The file ``recorded.json`` lies beside a deck's ``deck.yaml`` and travels with it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tutor.answer import InvalidAnswer, read_value
from tutor.check.findings import Collector, Finding
from tutor.grading.compare import NotGradable, compare
from tutor.grading.near import value_like
from tutor.values import Nothing

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.check.prove import Proof

FILE_NAME: Final = "recorded.json"
#: Draws that are recorded of each exercise: enough to see a drift, few enough to be read in a diff.
RECORDED_SEEDS: Final = 5

Records = dict[str, dict[str, Any]]


def load(folder: Path) -> Records:
    """The records of a deck; none if there is no readable file."""
    try:
        data = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    exercises = data.get("exercises") if isinstance(data, dict) else None
    if not isinstance(exercises, dict):
        return {}
    return {id_: record for id_, record in exercises.items() if _is_record(record)}


def _is_record(record: Any) -> bool:
    """Whether a record is one, whatever was done to the file since."""
    truths = record.get("truths") if isinstance(record, dict) else None
    return isinstance(truths, dict) and all(
        seed.isdecimal()
        and isinstance(texts, dict)
        and all(isinstance(t, str) for t in texts.values())
        for seed, texts in truths.items()
    )


def record_of(proof: Proof, torch_version: str) -> dict[str, Any]:
    """What is recorded of a proved exercise."""
    seeds = sorted(proof.truths)[:RECORDED_SEEDS]
    return {
        "content": proof.loaded.content_hash,
        "torch": torch_version,
        "truths": {str(seed): proof.truths[seed] for seed in seeds},
    }


def save(folder: Path, records: Records) -> None:
    data = {"exercises": dict(sorted(records.items()))}
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    (folder / FILE_NAME).write_text(text, encoding="utf-8")


def drift(proof: Proof, record: dict[str, Any] | None, torch_version: str) -> list[Finding]:
    """Where today's truths are not those on record, for an exercise that has not changed since."""
    if record is None or record.get("content") != proof.loaded.content_hash:
        return []
    found = Collector(proof.loaded)
    for seed, then in record.get("truths", {}).items():
        now = proof.truths.get(int(seed), {})
        for name, text in then.items():
            if name in now and not _still(text, now[name]):
                found.add(
                    ("answers", name),
                    f"torch {record.get('torch')} gave {text}; torch {torch_version} gives {now[name]}",
                    seed=int(seed),
                    about="drift",
                    severity="drift",
                )
    return found.findings()


def _still(then: str, now: str) -> bool:
    """The same text, or values that are graded as the same (the last digits may differ)."""
    if then == now:
        return True
    try:
        return compare(value_like(Nothing(), read_value(then)), read_value(now)).right
    except (InvalidAnswer, NotGradable):
        return False
