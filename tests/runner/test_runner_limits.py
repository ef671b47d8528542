"""Every limit stops what it is there for, in words, and the next program runs."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest
from runner_helpers import SHORT, program

from tutor.runner.job import ChildDied, Job, Limits, Stopped
from tutor.values import Number

if TYPE_CHECKING:
    from runner_helpers import RunOne

    from tutor.runner.client import Runner

pytestmark = pytest.mark.asyncio(loop_scope="session")

MIB = 1024 * 1024


async def check_next(run_one: RunOne) -> None:
    assert (await run_one("x = 6 * 7", "x")).values == {"x": Number(42)}


async def test_a_loop_is_stopped_by_its_processor_time(run_one: RunOne) -> None:
    begun = time.monotonic()
    with pytest.raises(Stopped) as stopped:
        await run_one("while True:\n    pass\n", limits=Limits(wall=20, cpu=1))
    assert (stopped.value.limit, stopped.value.run) == ("cpu", 0)
    assert stopped.value.message == "stopped after 1 s: this loop does not end"
    assert time.monotonic() - begun < 15
    await check_next(run_one)


async def test_a_program_that_waits_is_stopped_by_the_clock(run_one: RunOne) -> None:
    with pytest.raises(Stopped) as stopped:
        await run_one("import time\ntime.sleep(100)\n", limits=Limits(wall=0.5))
    assert stopped.value.limit == "wall"
    assert stopped.value.message.startswith("stopped after 0.5 s")
    await check_next(run_one)


async def test_the_clock_is_per_run_not_per_job(runner: Runner) -> None:
    runs = tuple(program(f"import time\ntime.sleep(0.3)\nx = {i}", "x") for i in range(5))
    result = await runner.run(Job(runs, Limits(wall=1.2)))
    assert [run.values["x"] for run in result.runs] == [Number(i) for i in range(5)]  # type: ignore[union-attr]


async def test_processor_time_is_per_run_not_per_job(runner: Runner) -> None:
    busy = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    runs = (*(program(busy) for _ in range(5)), program("while True: pass"), program("x = 1"))
    with pytest.raises(Stopped) as stopped:
        await runner.run(
            Job((*runs, *(program("x = 1") for _ in range(50))), Limits(wall=60, cpu=1))
        )
    assert (stopped.value.limit, stopped.value.run) == ("cpu", 5)


async def test_the_run_at_fault_is_named(runner: Runner) -> None:
    runs = (program("x = 1"), program("torch.sum = 1"), program("while True: pass"), program("x"))
    with pytest.raises(Stopped) as stopped:
        await runner.run(Job(runs, SHORT))
    assert stopped.value.run == 2
    assert len(stopped.value.before) == 2


@pytest.mark.parametrize(
    ("source", "limit"),
    [
        ("x = torch.zeros(10**9)", "memory"),
        ("x = 'a' * 10**10", "memory"),
        ("x = []\nwhile True: x.append(bytearray(10**7))", "memory"),
        ("import os\nos.fork()", "processes"),
        (
            (
                "import threading, time\n"
                "for _ in range(10**5): threading.Thread(target=time.sleep, args=(60,), "
                "daemon=True).start()"
            ),
            "processes",
        ),
        ("import os\nf = [open(torch.__file__) for _ in range(1000)]", "files"),
        ("open('/tmp/tutor-attack', 'w')", "confined"),
        ("import socket\nsocket.socket()", "confined"),
    ],
)
async def test_limits_that_a_program_meets_as_an_error(
    run_one: RunOne, source: str, limit: str
) -> None:
    raised = (await run_one(source, limits=Limits(memory=400 * MIB))).raised
    assert raised is not None
    assert raised.limit == limit
    assert raised.message.startswith("stopped: ")
    assert raised.line == len(source.splitlines())
    await check_next(run_one)


async def test_a_program_goes_on_after_a_limit_it_caught(run_one: RunOne) -> None:
    source = "try:\n    torch.zeros(10**12)\nexcept RuntimeError:\n    x = 1\n"
    assert (await run_one(source, "x")).values == {"x": Number(1)}


async def test_a_result_that_is_too_large_is_refused(run_one: RunOne) -> None:
    expressions = tuple(f"torch.rand(9000) + {i}" for i in range(20))
    with pytest.raises(Stopped) as stopped:
        await run_one("", *expressions, limits=Limits(result=200_000))
    assert stopped.value.limit == "result"
    assert "195 KiB" in stopped.value.message
    await check_next(run_one)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import os\nos._exit(0)", "ended its own process"),
        ("import ctypes\nctypes.string_at(0)", "crashed the interpreter"),
        ("import os\nos.abort()", "aborted"),
        ("import os\nos.kill(os.getpid(), 9)", "killed by the system"),
        ("import os\nos._exit(70)", "broke the process"),
        ("import os\nos._exit(3)", "status 3"),
    ],
)
async def test_how_a_child_died_is_told(run_one: RunOne, source: str, words: str) -> None:
    with pytest.raises(ChildDied, match=words):
        await run_one(source)
    await check_next(run_one)


async def test_cancelling_kills_the_child_and_frees_its_place(
    runner: Runner, run_one: RunOne
) -> None:
    for _ in range(6):  # more than may run at once
        task = asyncio.create_task(run_one("while True: pass", limits=Limits(cpu=60, wall=60)))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await asyncio.wait_for(check_next(run_one), 10)


async def test_a_job_larger_than_any_buffer_arrives(runner: Runner) -> None:
    filler = "# " + "x" * 50_000
    runs = tuple(program(f"{filler}\ny = {i}", "y", "torch.zeros(5000)") for i in range(40))
    result = await runner.run(Job(runs))
    assert [run.values["y"] for run in result.runs] == [Number(i) for i in range(40)]  # type: ignore[union-attr]
