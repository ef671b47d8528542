"""Home and the library with 10,000 exercises and 1,000,000 reviews: how long until the numbers are there,
against a home with hardly anything in it; and from a key press to the repaint, while files are read.

All in a pseudo-terminal, from exec on.  The first start of each reads the exercises into the cache.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "e2e"))

from bench_start import TUTOR, env
from big_log import fill
from history import write_history
from measure import header, median, p95, row
from terminal import Terminal

from tutor.exercise.load import load_library
from tutor.locations import exercises_dir
from tutor.session import utc_now_ms

EXERCISES, REVIEWS, ROUNDS, KEYS = 10_000, 1_000_000, 5, 80
COUNTED = "exercises begun"

EXERCISE = """\
format: 1
id: deck.exercise-{n:05d}
skill: deck.skill-{skill}
title: Exercise {n}
params: {{c: {{int: [2, 9]}}}}
program: |
  x = torch.tensor([{n}.0, 2.0], requires_grad=True)
  y = ({{{{ c }}}} * x * x).sum()
  y.backward()
ask: What is `x.grad` after this runs?
answers:
  grad: {{kind: value, value: x.grad}}
"""


def write_deck(folder: Path) -> None:
    folder.mkdir()
    skills = {f"deck.skill-{n}": {"title": f"Skill {n}"} for n in range(200)}
    deck = {"format": 1, "id": "big", "title": "Big", "languages": ["en"], "licence": "MIT"}
    (folder / "deck.yaml").write_text(json.dumps({**deck, "skills": skills}))
    for n in range(EXERCISES):
        (folder / f"{n:05d}.yaml").write_text(EXERCISE.format(n=n, skill=n % 200))


def seconds_until_counted(home: Path) -> float:
    began = time.perf_counter()
    with Terminal([TUTOR], env=env(str(home)), columns=100, rows=30) as terminal:
        terminal.wait_for(COUNTED, seconds=300)
        return time.perf_counter() - began


def key_presses(home: Path) -> list[float]:
    """Seconds from each of many presses of j in the library to a changed screen."""
    taken = []
    with Terminal([TUTOR], env=env(str(home)), columns=100, rows=30) as terminal:
        terminal.wait_for(COUNTED, seconds=300)
        terminal.type("2")
        terminal.wait_for("Big")
        terminal.type("G")
        time.sleep(0.3)
        for n in range(KEYS):
            before = terminal.text, terminal.screen.cursor.y, _marked(terminal)
            began = time.perf_counter()
            terminal.type("k" if n % 40 < 20 else "j")
            terminal.wait_for(
                lambda text, before=before: (
                    (text, terminal.screen.cursor.y, _marked(terminal)) != before
                )
            )
            taken.append(time.perf_counter() - began)
            time.sleep(0.02)
    return taken


def _marked(terminal: Terminal) -> tuple[int, ...]:
    """The rows that are drawn bold at their beginning: the one that the cursor is on."""
    rows = terminal.screen.buffer
    return tuple(y for y in range(4, 28) if rows[y][12].bold)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        small, big = Path(folder) / "small", Path(folder) / "big"
        write_history(small, load_library([exercises_dir()]), 1, until=utc_now_ms())
        write_deck(Path(folder) / "deck")
        fill(big, exercises=EXERCISES, reviews=REVIEWS)
        (big / "decks.json").write_text(json.dumps({"folders": [str(Path(folder) / "deck")]}))
        cold = seconds_until_counted(big)
        seconds_until_counted(small)
        times: dict[str, list[float]] = {"big": [], "small": []}
        for _ in range(ROUNDS):
            times["small"].append(seconds_until_counted(small))
            times["big"].append(seconds_until_counted(big))
        header()
        ours, against = median(times["big"]), median(times["small"])
        row(f"numbers of home, {EXERCISES} exercises, {REVIEWS} reviews", f"{ours * 1000:.0f} ms",
            f"{against * 1000:.0f} ms", ours / against, "≤ 1.3×")  # fmt: skip
        pressed = key_presses(big)
        row("key press to repaint in the library, p95", f"{p95(pressed) * 1000:.0f} ms", "50 ms",
            p95(pressed) / 0.05, "≤ 1×")  # fmt: skip
        print(f"the first start, which reads every file: {cold:.1f} s")


if __name__ == "__main__":
    main()
