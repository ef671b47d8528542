"""Running one learner's code, and thousands of typed answers, against peers and floors.

Peers are installed into `.venv-peers` (torch comes from our own environment): a warm ipykernel
executes the same lines over and over in one process, without any protection; otter-grader grades one
submission after the other.  Ours runs each answer in a fresh confined process.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from measure import header, median, milliseconds, p95, row

from tutor.exercise.load import load_library
from tutor.grading.standards import MOST_EDITS
from tutor.locations import exercises_dir
from tutor.question import draw
from tutor.question.standard import edits_of_answer, edits_of_program
from tutor.runner.client import Runner
from tutor.runner.job import ExplainRun, Job, ProgramRun, Section

ROOT = Path(__file__).parent.parent.parent
PEERS = ROOT / ".venv-peers"
TUTOR = str(Path(sys.executable).parent / "tutor")
PROGRAM = "x = torch.tensor([-3.0, 2.0], requires_grad=True)\n"
ANSWER = "y = x * x\nu = y.detach()\nz = (u * x).sum()\nz.backward()\n"
ROUNDS = 150
SUBMISSIONS = 2
#: Wrong answers that no author foresaw, a line each: to draws of few numbers, and to draws that all differ.
FEW_NUMBERS = ("autograd.detach.square-times-x", {"grad": "9, 4", "same": "True, True"}, 5_000)
ALL_DIFFER = ("matrix.hadamard.outer", {"grad": "17.25, 48.25"}, 300)

KERNEL = """
import json, sys, time
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="python3")
def execute(code):
    client.execute(code)
    client.get_shell_msg(timeout=60)
    while True:
        message = client.get_iopub_msg(timeout=60)
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            return
execute("import torch; torch.set_num_threads(1)")
times = []
for _ in range(%d):
    began = time.perf_counter()
    execute(%r)
    times.append(time.perf_counter() - began)
client.stop_channels(); manager.shutdown_kernel(now=True)
print(json.dumps(times[20:]))
"""

OTTER_TEST = """OK_FORMAT = True
test = {"name": "q1", "points": 1, "suites": [{"cases": [
    {"code": ">>> x.grad.tolist()\\n[9.0, 4.0]", "hidden": False, "locked": False}],
    "scored": True, "setup": "", "teardown": "", "type": "doctest"}]}
"""


def peers() -> Path:
    """The peers' interpreter, installed on first use."""
    python = PEERS / "bin" / "python"
    if not (PEERS / ".ready").exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
        wanted = ["ipykernel", "jupyter_client", "otter-grader"]
        subprocess.run([str(python), "-m", "pip", "install", "-q", *wanted], check=True)
        ours = sysconfig.get_paths()["purelib"]
        theirs = next((PEERS / "lib").glob("python*/site-packages"))
        (theirs / "zz_torch.pth").write_text(ours + "\n")
        (PEERS / ".ready").touch()
    return python


async def fresh_children(pause: float) -> list[float]:
    """Seconds for one answer in its fresh process; ``pause`` is the learner's time between two."""
    times = []
    run = ProgramRun((Section("program", PROGRAM), Section("answer", ANSWER)), 0, ("x.grad",))
    async with Runner(spares=2) as runner:
        await runner.wait_ready()
        for _ in range(ROUNDS):
            await asyncio.sleep(pause)
            began = time.perf_counter()
            await runner.run(Job((run,)))
            times.append(time.perf_counter() - began)
    return times[20:]


async def explaining(pause: float) -> tuple[list[float], list[float]]:
    """Seconds for the same program explained, and run as ever, in turn."""
    sections = (Section("program", PROGRAM), Section("answer", ANSWER))
    runs = (ExplainRun(sections, 0, ("x.grad",)), ProgramRun(sections, 0, ("x.grad",)))
    times: tuple[list[float], list[float]] = ([], [])
    async with Runner(spares=2) as runner:
        await runner.wait_ready()
        for _ in range(ROUNDS // 5):
            for run, taken in zip(runs, times, strict=True):
                await asyncio.sleep(pause)
                began = time.perf_counter()
                await runner.run(Job((run,)))
                taken.append(time.perf_counter() - began)
    return times


def warm_kernel(python: Path) -> list[float]:
    code = KERNEL % (ROUNDS, "import torch\n" + PROGRAM + ANSWER + "x.grad")
    done = subprocess.run(
        [str(python), "-W", "ignore", "-c", code], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.strip().splitlines()[-1])


def otter_seconds(python: Path) -> float:
    """Seconds that otter-grader takes for one submission."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tests").mkdir()
        (folder / "out").mkdir()
        (folder / "tests" / "q1.py").write_text(OTTER_TEST)
        (folder / "sub.py").write_text("import torch\n" + PROGRAM + ANSWER)
        env = {**os.environ, "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
        otter = str(python.parent / "otter")

        def call(*args: str) -> None:
            subprocess.run([otter, *args], cwd=folder, env=env, check=True, capture_output=True)

        call("generate", "-t", "tests", "-o", "ag.zip", "--no-environment")
        began = time.perf_counter()
        for _ in range(SUBMISSIONS):
            call("run", "sub.py", "-a", "ag.zip", "-o", "out")
        return (time.perf_counter() - began) / SUBMISSIONS


async def code_answers(count: int) -> float:
    """Seconds for one code answer when many are graded at once, each in its own process."""
    run = ProgramRun((Section("program", PROGRAM), Section("answer", ANSWER)), 0, ("x.grad",))
    async with Runner(spares=4) as runner:
        await runner.wait_ready()
        began = time.perf_counter()
        await asyncio.gather(*(runner.run(Job((run,))) for _ in range(count)))
        return (time.perf_counter() - began) / count


def batch(id_: str, answers: dict[str, str], count: int) -> float:
    """Seconds for a batch of typed answers, each to a draw of its own; start-up left out."""
    lines = [
        json.dumps({"exercise": id_, "seed": seed, "answers": answers}) + "\n"
        for seed in range(count + 1)
    ]
    with subprocess.Popen(
        [TUTOR, "grade", "--batch", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        process.stdin.write(lines.pop())
        process.stdin.flush()
        process.stdout.readline()
        began = time.perf_counter()
        out, _ = process.communicate("".join(lines))
        seconds = time.perf_counter() - began
    assert out.count("\n") == count
    return seconds


def near_misses(id_: str) -> tuple[int, int]:
    """What an answer to each question of a line is compared with: truths and the author's near misses,
    and the standard ones."""
    question = draw(load_library([exercises_dir()]).exercises[id_], 0, "en")
    answers = question.answers.values()
    authors = sum(1 + len(getattr(answer, "near", {})) for answer in answers)
    edits = sum(len(edits_of_answer(question, answer)) for answer in answers)
    return authors, edits + len(answers) * min(MOST_EDITS, len(edits_of_program(question)))


def batches() -> None:
    for what, (id_, answers, count) in (("few", FEW_NUMBERS), ("all differ", ALL_DIFFER)):
        seconds = batch(id_, answers, count)
        authors, standard = near_misses(id_)
        print(
            f"batch, wrong answers, {what}: {count / seconds:.0f} lines/s; "
            f"{count * authors / seconds:.0f} gradings/s (aim ≥ 3000), "
            f"{count * (authors + standard) / seconds:.0f} with the standard near misses",
            flush=True,
        )


def ready_seconds() -> tuple[float, float]:
    """Seconds until a first child is ready, and for `import torch` alone."""

    async def start() -> None:
        async with Runner(spares=1) as runner:
            await runner.wait_ready()

    ours, floor = [], []
    for _ in range(2):
        began = time.perf_counter()
        asyncio.run(start())
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import torch"], check=True)
        floor.append(time.perf_counter() - began)
    return median(ours), median(floor)


async def stall() -> float:
    """The longest time that the event loop stood still while the worker started."""
    longest = 0.0
    async with Runner(spares=2) as runner:
        ready = asyncio.create_task(runner.wait_ready())
        while not ready.done():
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - began - 0.001)
    return longest


def pss_mib(pid: int) -> float:
    """Proportional set size: shared pages are counted once among those who share them."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


async def memory() -> str:
    async with Runner(spares=2) as runner:
        await runner.wait_ready()
        await asyncio.sleep(5)  # what is imported when idle has been by now
        children = ", ".join(f"{pss_mib(pid):.0f} MiB" for pid in runner.idle_pids)
        return f"memory (PSS): supervisor {pss_mib(runner.supervisor_pid):.0f} MiB, children {children}"


def main() -> None:
    header()
    if Path("/proc/self/smaps_rollup").exists():
        print(asyncio.run(memory()))
    ours, floor = ready_seconds()
    row("start to ready / import torch", f"{ours:.2f} s", f"{floor:.2f} s", ours / floor, "≤ 1.15×")
    print(
        f"longest stall of the event loop during the start: {asyncio.run(stall()) * 1000:.0f} ms (aim ≤ 30)"
    )
    batches()
    explained, plain = asyncio.run(explaining(0.05))
    row("a run explained / the run itself p50", milliseconds(median(explained)),
        milliseconds(median(plain)), median(explained) / median(plain), "≤ 30 ms")  # fmt: skip
    python = peers()
    kernel, fresh = warm_kernel(python), asyncio.run(fresh_children(0.02))
    row("one code answer, fresh child / warm kernel p50", milliseconds(median(fresh)),
        milliseconds(median(kernel)), median(fresh) / median(kernel), "≤ 1.0×")  # fmt: skip
    row("one code answer, fresh child / warm kernel p95", milliseconds(p95(fresh)),
        milliseconds(p95(kernel)), p95(fresh) / p95(kernel), "≤ 1.0×")  # fmt: skip
    each, otter = asyncio.run(code_answers(60)), otter_seconds(python)
    print(f"code answers at once: {1 / each:.0f}/s; otter-grader: {1 / otter:.2f}/s; "
          f"{otter / each:.0f}× (aim ≥ 500×)")  # fmt: skip


if __name__ == "__main__":
    main()
