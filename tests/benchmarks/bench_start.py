"""From the command to the first paint, against a bare Textual app with the same widgets; and memory.

Both are started in a pseudo-terminal and timed from exec to the first screen that shows their text.
Memory is the proportional set size (Linux): shared pages are counted once among those who share them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "e2e"))

from history import write_history
from measure import header, median, row
from terminal import Terminal

from tutor.clock import utc_now_ms
from tutor.exercise.load import load_library
from tutor.locations import exercises_dir

TUTOR = str(Path(sys.executable).parent / "tutor")
ROUNDS = 9

#: The widgets that Home is made of, one by one, in frames as there, and nothing behind them.
BARE = """
from textual.app import App, ComposeResult
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Footer, Static

DAYS = "\\n".join("Mon  " + "· " * 26 for _ in range(8))

class Bare(App):
    BINDINGS = [("enter", "start", "Start"), ("ctrl+p", "commands", "Commands"), ("f1", "help", "Help"),
                ("ctrl+q", "quit", "Quit")]
    CSS = \'\'\'
    #bar { dock: top; height: 1; & > Static { width: auto; padding: 0 1; } }
    .frame { border: round $primary; padding: 0 1; height: auto; }
    #plan, #rest { width: 1fr; height: auto; }
    #rest { layout: grid; grid-size: 2; grid-columns: 1fr 20; grid-rows: auto; }
    #attention { column-span: 2; }
    Static { height: auto; }
    \'\'\'
    def compose(self) -> ComposeResult:
        with Horizontal(id="bar"):
            for name in ("Bare", "1 Home", "2 Library", "3 Statistics", "4 Settings", "", ""):
                yield Static(name, markup=False)
        with VerticalScroll():
            with Horizontal(id="today", classes="frame"):
                with Vertical(id="plan"):
                    for text in ("Autograd Tutor", "", ""):
                        yield Static(text, markup=False)
                yield Button("Start")
            with Container(id="rest"):
                for name, text in (("past", DAYS), ("ahead", DAYS[:60]), ("attention", "…")):
                    with Vertical(id=name, classes="frame"):
                        yield Static(text, markup=False)
        yield Footer()

Bare().run()
"""


def env(home: str) -> dict[str, str]:
    return {"TUTOR_HOME": home, "PATH": os.environ["PATH"], "HOME": home}


def first_paint(command: list[str], home: str, seen: str) -> float:
    began = time.perf_counter()
    with Terminal(command, env=env(home), columns=100, rows=30) as terminal:
        terminal.wait_for(seen)
        return time.perf_counter() - began


def pss_mib(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def family(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    children = [int(p) for p in found.stdout.split()]
    return children + [p for child in children for p in family(child)]


def main() -> None:
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as used:
        # A home that is used: the welcome of a first start is over.
        write_history(Path(used), load_library([exercises_dir()]), 1, until=utc_now_ms())
        ours, any_paint, bare = [], [], []
        first_paint([TUTOR, "review"], home, "Your answer")
        for _ in range(ROUNDS):
            any_paint.append(first_paint([TUTOR], used, "Today"))
            ours.append(first_paint([TUTOR, "review"], home, "Your answer"))
            bare.append(first_paint([sys.executable, "-c", BARE], home, "Autograd Tutor"))
        header()
        for name, times in (("first paint", any_paint), ("first question on the screen", ours)):
            row(name, f"{median(times) * 1000:.0f} ms", f"{median(bare) * 1000:.0f} ms",
                median(times) / median(bare), "≤ 1.25×" if times is any_paint else "told")  # fmt: skip
        if not Path("/proc/self/smaps_rollup").exists():
            return
        with Terminal([TUTOR, "review"], env=env(home), columns=100, rows=30) as terminal:
            terminal.wait_for("Your answer")
            time.sleep(5)  # torch has loaded
            app = terminal.process.pid
            print(f"memory of the app: {pss_mib(app):.0f} MiB")
            for pid in family(app):
                name = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()[:60]
                print(f"memory of its process {name.strip()}: {pss_mib(pid):.0f} MiB")


if __name__ == "__main__":
    main()
