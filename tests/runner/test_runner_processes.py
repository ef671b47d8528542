"""Processes: none is left behind, none leaks, and a lost supervisor is replaced."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from runner_helpers import program

from tutor.runner import link, pool
from tutor.runner.client import Runner, probe_protections
from tutor.runner.job import ChildDied, Job, Limits, WorkerLost, WorkerUnavailable
from tutor.runner.protections import complete
from tutor.values import Number

if TYPE_CHECKING:
    from collections.abc import Callable

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

on_session_loop = pytest.mark.asyncio(loop_scope="session")

ONE = Job((program("x = 6 * 7", "x"),))
LOOP = Job((program("while True: pass"),), Limits(wall=60, cpu=60))


async def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def children(pid: int) -> set[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return set(map(int, text.split()))


def descriptors(pid: int | str = "self") -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


async def answer(runner: Runner) -> object:
    return (await runner.run(ONE)).program(0).values["x"]


def held(pid: int) -> dict[int, str]:
    """Open descriptors and what they are."""
    return {int(fd.name): str(fd.readlink()) for fd in Path(f"/proc/{pid}/fd").iterdir()}


def environment(pid: int) -> list[bytes]:
    return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")[:-1]


def start_app() -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", APP], stdout=subprocess.PIPE, text=True)


APP = """
import asyncio, sys
from tutor.runner.client import Runner
from tutor.runner.job import Job, Limits, ProgramRun, Section

async def main():
    runner = Runner(spares=2)
    await runner.start()
    print(runner.supervisor_pid, flush=True)
    await runner.wait_ready()
    loop = ProgramRun((Section("program", "while True: pass"),), 1)
    task = asyncio.create_task(runner.run(Job((loop,), Limits(wall=600, cpu=600))))
    await asyncio.sleep(0.5)
    print("running", flush=True)
    await task

asyncio.run(main())
"""


@linux_only
@pytest.mark.parametrize("when", ["torch is loading", "a program is running"])
async def test_nothing_survives_the_sudden_death_of_the_app(when: str) -> None:
    with start_app() as app:
        assert app.stdout is not None
        supervisor = int(app.stdout.readline())
        family = {supervisor}
        if when == "a program is running":
            assert app.stdout.readline() == "running\n"
            family |= children(supervisor)
            assert len(family) > 2
        app.kill()
    await until(lambda: not any(map(alive, family)))


@linux_only
async def test_closing_ends_every_process_and_says_so_to_those_who_wait() -> None:
    runner = Runner(spares=2)
    states: list[str] = []
    runner.on_state = states.append
    assert runner.state == "new"
    await runner.start()
    task = asyncio.create_task(runner.run(LOOP))
    await runner.wait_ready()
    await until(lambda: len(children(runner.supervisor_pid)) > 1)
    family = {runner.supervisor_pid, *children(runner.supervisor_pid)}
    await runner.close()
    await until(lambda: not any(map(alive, family)))
    with pytest.raises((ChildDied, WorkerUnavailable)):
        await task
    with pytest.raises(WorkerUnavailable, match="closed"):
        await runner.run(ONE)
    assert states == ["starting", "ready", "closed"]
    await runner.close()


@linux_only
async def test_a_job_is_taken_up_once_by_the_next_supervisor_and_lost_with_that_one_too() -> None:
    async with Runner(spares=1) as runner:
        states: list[str] = []
        runner.on_state = states.append
        task = asyncio.create_task(runner.run(LOOP))
        killed: list[int] = []
        for _ in range(2):
            await until(lambda: runner.state == "ready" and runner.supervisor_pid not in killed)
            # A spare that is being made is a child too, and not yet idle.
            await until(lambda: len(runner.idle_pids) == 1)
            await until(lambda: len(children(runner.supervisor_pid) - set(runner.idle_pids)) == 1)
            child = children(runner.supervisor_pid)
            killed.append(runner.supervisor_pid)
            os.kill(killed[-1], signal.SIGKILL)
            await until(lambda child=child: not any(map(alive, child)))
        with pytest.raises(WorkerLost, match="being started again"):
            await task
        assert await answer(runner) == Number(42)
        assert runner.supervisor_pid not in killed
        assert states == ["ready", "starting", "ready", "starting", "ready"]


@linux_only
async def test_a_job_whose_supervisor_is_lost_has_its_results_nevertheless() -> None:
    async with Runner(spares=1) as runner:
        await runner.wait_ready()
        await until(lambda: len(runner.idle_pids) == 1)
        slow = program("x = sum(range(30_000_000)) * 0 + 42", "x")
        task = asyncio.create_task(runner.run(Job((slow,), Limits(wall=60, cpu=60))))
        await until(lambda: len(children(runner.supervisor_pid) - set(runner.idle_pids)) == 1)
        os.kill(runner.supervisor_pid, signal.SIGKILL)
        assert (await task).program(0).values["x"] == Number(42)


@linux_only
async def test_a_supervisor_that_hangs_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Runner(spares=1) as runner:
        assert await answer(runner) == Number(42)
        await until(lambda: len(runner.idle_pids) == 1)
        monkeypatch.setattr(pool, "PATIENCE", 0.5)
        first = runner.supervisor_pid
        os.kill(first, signal.SIGSTOP)
        assert await answer(runner) == Number(42)  # the spare
        assert await answer(runner) == Number(42)  # of a new supervisor
        assert runner.supervisor_pid != first


@linux_only
@on_session_loop
async def test_a_spare_that_is_killed_is_replaced(runner: Runner) -> None:
    await answer(runner)
    await until(lambda: len(runner.idle_pids) == 2)
    before = set(runner.idle_pids)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    await until(lambda: len(runner.idle_pids) == 2 and not before & set(runner.idle_pids))
    assert await answer(runner) == Number(42)


async def test_a_worker_that_cannot_start_is_given_up_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "torch.py").write_text("raise ImportError('no such library')")
    monkeypatch.setattr(pool, "BACKOFF", (0.0, 0.05))
    real = link._import_path
    monkeypatch.setattr(link, "_import_path", lambda: [str(tmp_path), *real()])
    async with Runner() as runner:
        with pytest.raises(WorkerUnavailable, match="torch cannot be imported: no such library"):
            await runner.wait_ready()
        assert runner.state == "failed"
        monkeypatch.undo()
        # The next job tries once more.
        assert await answer(runner) == Number(42)


async def test_an_interpreter_that_is_gone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "BACKOFF", (0.0,))
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    async with Runner() as runner:
        with pytest.raises(WorkerUnavailable, match="No such file"):
            await runner.run(ONE)


@linux_only
async def test_ten_thousand_runs_leak_nothing() -> None:
    jobs, runs = 100, 100
    job = Job(tuple(program(f"x = torch.ones(1) * {i}", "x") for i in range(runs)))
    await check_no_leaks(job, jobs)


@linux_only
@pytest.mark.slow
async def test_a_thousand_children_leak_nothing() -> None:
    await check_no_leaks(ONE, 1_000)


async def check_no_leaks(job: Job, times: int) -> None:
    async with Runner(spares=2) as runner:
        await asyncio.gather(*(runner.run(ONE) for _ in range(10)))
        await until(lambda: len(runner.idle_pids) == 2)
        supervisor = runner.supervisor_pid
        before = descriptors(), descriptors(supervisor), memory(supervisor)
        for _ in range(times // 10):
            await asyncio.gather(*(runner.run(job) for _ in range(10)))
        await until(lambda: children(supervisor) == set(runner.idle_pids))
        assert len(runner.idle_pids) == 2
        await until(lambda: descriptors() <= before[0] and descriptors(supervisor) <= before[1])
        # Torch's slow parts may have been imported in an idle moment: 70 MB.
        assert memory(supervisor) < before[2] + 100_000
        assert runner.supervisor_pid == supervisor


def memory(pid: int) -> int:
    """Resident kilobytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    raise AssertionError(pid)


@linux_only
@on_session_loop
async def test_a_child_has_no_descriptors_but_its_own(runner: Runner) -> None:
    await answer(runner)
    await until(lambda: len(runner.idle_pids) == 2)
    for pid in runner.idle_pids:
        await until(lambda pid=pid: descriptors(pid) == 4)  # type: ignore[misc]
        found = held(pid)
        assert set(found) == {0, 1, 2, 3}
        assert {found[fd] for fd in (0, 1, 2)} == {"/dev/null"}
        assert found[3].startswith("socket:")


@linux_only
async def test_nothing_of_the_apps_environment_reaches_a_child(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("API_TOKEN", "of-the-learner")
    monkeypatch.setenv("PYTHONSTARTUP", "/tmp/x")
    async with Runner(spares=1) as runner:
        source = "import os, ctypes\nenviron = ctypes.POINTER(ctypes.c_char_p).in_dll(\n"
        source += "    ctypes.CDLL(None), 'environ')\nx = [len(os.environ), bool(environ)]\n"
        result = (await runner.run(Job((program(source, "x"),)))).program(0)
        await until(lambda: len(runner.idle_pids) == 1)
        for pid in (runner.supervisor_pid, *runner.idle_pids):
            assert environment(pid) in ([b"PYTHONHASHSEED=0"], [])
    assert result.raised is None
    assert str(result.values["x"]).count("number=0") == 1


@on_session_loop
async def test_what_protects_is_told_in_words(runner: Runner) -> None:
    assert Runner().protections == ()
    await runner.wait_ready()
    assert await probe_protections() == runner.protections
    found = {protection.name: protection for protection in runner.protections}
    assert set(found) >= {"files: reading", "files: writing", "network", "processes", "signals"}
    assert all(protection.words for protection in runner.protections)
    if sys.platform == "linux" and found["Landlock"].active and found["seccomp"].active:
        assert complete(runner.protections)
    assert not complete(())


def test_the_client_does_not_load_torch() -> None:
    code = "import sys, tutor.runner.client; print(sorted({'torch', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
