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

sys.path.insert(0, str(Path(__file__).parent.parent / "e2e"))

from measure import header, median, row
from terminal import Terminal

TUTOR = str(Path(sys.executable).parent / "tutor")
ROUNDS = 7

BARE = """
from textual.app import App, ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Footer, Header, Input, Static, TextArea

class Bare(App):
    BINDINGS = [("f2", "hint", "Hint"), ("f4", "give", "Give up"), ("ctrl+q", "quit", "Quit")]
    def compose(self) -> ComposeResult:
        yield Header()
        with VerticalScroll():
            yield Static("x = torch.ones(2)", markup=False)
            yield Static("What is x?", markup=False)
            with Vertical():
                yield TextArea("")
                yield Static("Your answer", markup=False)
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
    with tempfile.TemporaryDirectory() as home:
        ours, any_paint, bare = [], [], []
        first_paint([TUTOR, "review"], home, "Your answer")
        for _ in range(ROUNDS):
            any_paint.append(first_paint([TUTOR], home, "Autograd Tutor"))
            ours.append(first_paint([TUTOR, "review"], home, "Your answer"))
            bare.append(first_paint([sys.executable, "-c", BARE], home, "Your answer"))
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
