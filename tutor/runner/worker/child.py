"""A child: forked, confined, idle until its one request comes; it runs the request's programs and ends."""

from __future__ import annotations

import fcntl
import gc
import json
import math
import os
import resource
import signal
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from tutor.runner.worker import memory, state
from tutor.runner.worker.channel import FD, Channel
from tutor.runner.worker.points import run_formula
from tutor.runner.worker.program import run_program
from tutor.runner.worker.reach import Reach

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.runner.worker.confine import Confinement

Json = dict[str, Any]

run_explained: Callable[[Json, int], Json] | None
try:
    from tutor.runner.worker.explain import run_explained
except (ImportError, AttributeError):
    # It needs more of torch's private names than grading does: with a torch that has others,
    # questions are asked and graded all the same.
    run_explained = None

_encode: Final = json.JSONEncoder(separators=(",", ":")).encode
_loads: Final = json.loads
_exit: Final = os._exit
_setrlimit: Final = resource.setrlimit
_cpu_used: Final = time.process_time
_ceil: Final = math.ceil

#: Exit status of a child that could not be confined, or failed by our own fault.
CANNOT_SERVE: Final = 70

_HIGH_FD: Final = 64
_MOST_FDS: Final = 4096

#: What a spare child runs while it is idle, so that its first real program finds memory at hand: the
#: pages it shares with the supervisor are copied on first writing, which costs more than the program.
WARM_UP: Final[Json] = {
    "kind": "program",
    "sections": [
        [
            "program",
            """
w = torch.tensor([[1.5, 2.], [3., 4.]], requires_grad=True)
x = torch.tensor([1., 2.])
y = (torch.exp(w @ x * 0.01) ** 2).sum()
y.backward()
def f(v):
    return v * v.detach()
z = f(x).mean().item()
torch.randn(3)
try:
    torch.ones(2) @ torch.ones(3)
except RuntimeError as e:
    print(e)
""",
        ]
    ],
    "seed": 1,
    "evaluate": ["w.grad", "y", "y.grad_fn", "x.shape", "z", "x.is_leaf", "missing"],
}


def run_child(
    channel_fd: int, confinement: Confinement, watch: state.Watch, supervisor: int
) -> None:
    """Everything a forked child does; never returns."""
    status = CANNOT_SERVE
    try:
        confinement = _detach(channel_fd, confinement)
        state.reset(0)
        run_program(WARM_UP, 1000)
        channel = Channel()
        base = memory.address_space()
        confinement.apply(channel.address)
        if os.getppid() != supervisor:
            return  # it died before it could take this child along
        line = channel.read_line()
        if line is not None:
            _serve(_loads(line), channel, watch, base)
        status = 0
    finally:
        # Nothing of the program's runs any more: no atexit, no finalizers, no threads waited for.
        _exit(status)


def _detach(channel_fd: int, confinement: Confinement) -> Confinement:
    """Keep nothing of the supervisor's but the channel, and the rules until they are set."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    kept = FD
    if confinement.ruleset >= 0:
        # Out of the way of the numbers that are filled below.
        kept = fcntl.fcntl(confinement.ruleset, fcntl.F_DUPFD_CLOEXEC, _HIGH_FD)
    channel_fd = fcntl.fcntl(channel_fd, fcntl.F_DUPFD_CLOEXEC, _HIGH_FD)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.dup2(channel_fd, FD)
    os.closerange(FD + 1, max(kept, FD + 1))
    os.closerange(kept + 1, _MOST_FDS)
    return replace(confinement, ruleset=kept) if kept != FD else confinement


def _serve(request: Json, channel: Channel, watch: state.Watch, base_memory: int) -> None:
    limits, token, runs = request["limits"], request["token"], request["runs"]
    most_cpu = _limit(limits, base_memory, len(runs))
    for index, run in enumerate(runs):
        _limit_cpu(limits["cpu"], most_cpu)
        if run["kind"] == "program":
            state.reset(run["seed"])
            result = run_program(run, limits["output"])
        elif run["kind"] == "explain" and run_explained is not None:
            state.reset(run["seed"], double=run["double"])
            result = run_explained(run, limits["output"])
        else:
            state.reset(run["seed"], double=True)
            result = run_formula(run, limits["output"])
        result["run"] = index
        result["seeded"] = result.pop("reads_seed", True) or state.drew_random()
        reach = result.pop("reach")
        result["more"] = index + 1 < len(runs) and (
            reach == Reach.NOTHING or (reach == Reach.VISIBLE and watch.untouched())
        )
        _send(result, channel, token, limits["result"])
        if not result["more"]:
            return


def _limit(limits: Json, base_memory: int, runs: int) -> int:
    """The kernel's own limits, which can only be made smaller from here on; the CPU seconds of all runs."""
    gc.collect(0)
    most_cpu: int = limits["cpu"] * runs
    _setrlimit(resource.RLIMIT_CPU, (most_cpu, most_cpu + 1))
    _setrlimit(resource.RLIMIT_NOFILE, (limits["files"], limits["files"]))
    if base_memory:
        most = base_memory + limits["memory"]
        _setrlimit(resource.RLIMIT_AS, (most, most))
    return most_cpu


def _limit_cpu(seconds: int, most: int) -> None:
    """Stop the next run after ``seconds`` of its own, not after those of the whole job.

    The kernel counts whole seconds from the process's beginning; the part of one that was used is rounded.
    """
    _setrlimit(resource.RLIMIT_CPU, (min(_ceil(_cpu_used() - 0.2) + seconds, most), most + 1))


def _send(result: Json, channel: Channel, token: str, limit: int) -> None:
    # What the program left behind must not stop the answer.
    sys.setrecursionlimit(1000)
    sys.settrace(None)
    sys.setprofile(None)
    text = _encode(result)
    if len(text) > limit:
        text = _encode({"run": result["run"], "more": False, "too_large": True})
    channel.write(f"{token} {text}\n".encode("ascii"))
