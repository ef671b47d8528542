"""Each attack is contained, and the next grading is right and quick."""

from __future__ import annotations

import asyncio
import os
import platform
import socket
import subprocess
import sys
import sysconfig
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from attacks import FAMILIES
from runner_helpers import program

from tutor.runner.job import ChildDied, Job, Limits, RunnerFailure, RunResult, Stopped
from tutor.runner.worker.landlock import _TORCH_AND_GUESTS
from tutor.values import Number, Sequence, Tensor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from attack import Attack

    from tutor.runner.client import Runner

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux confines programs")

CONTENT = "the learner's own"
QUICK_SECONDS = 2.0
EVERY = [(family, attack) for family, attacks in FAMILIES.items() for attack in attacks]


@dataclass
class Surroundings:
    """What a program could do harm to."""

    folder: Path
    victim: subprocess.Popen[bytes]
    tcp: socket.socket
    udp: socket.socket
    unix: socket.socket

    @property
    def canary(self) -> Path:
        return self.folder / "canary"

    def fill_in(self, source: str, runner: Runner) -> str:
        clone = {"x86_64": 56, "aarch64": 220}[platform.machine()]
        replacements = {
            "CANARY": self.canary,
            "FOLDER": self.folder,
            "VICTIM": self.victim.pid,
            "APP": os.getpid(),
            "SUPERVISOR": runner.supervisor_pid,
            "TCP": self.tcp.getsockname()[1],
            "UDP": self.udp.getsockname()[1],
            "UNIX": self.folder / "socket",
            "PACKAGE": _package(),
            "EXERCISES": Path(__file__).parents[2] / "exercises",
            "CLONE": clone,
        }
        for name, value in replacements.items():
            source = source.replace(f"@{name}@", str(value))
        return source

    def look(self) -> dict[str, Any]:
        """Everything about them that must stay as it is."""
        stat = self.canary.stat()
        return {
            "content": self.canary.read_text(encoding="utf-8"),
            "file": (stat.st_mode, stat.st_uid, stat.st_nlink, stat.st_mtime_ns, stat.st_ctime_ns),
            "folder": sorted(p.name for p in self.folder.iterdir()),
            "tmp": Path("/tmp/tutor-attack").exists(),
            "shared memory": sorted(p.name for p in Path("/dev/shm").iterdir()),
            "victim": (self.victim.poll(), os.getpriority(os.PRIO_PROCESS, self.victim.pid)),
            "victim state": _stat(self.victim.pid)[0] in "SR",
            "victim processors": os.sched_getaffinity(self.victim.pid),
            "app": os.getpriority(os.PRIO_PROCESS, 0),
            "heard": [_heard(self.tcp), _heard(self.udp), _heard(self.unix)],
        }


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Surroundings]:
    folder = tmp_path_factory.mktemp("attacked")
    (folder / "canary").write_text(CONTENT, encoding="utf-8")
    with ExitStack() as stack:
        victim = stack.enter_context(subprocess.Popen(["sleep", "1000"]))
        stack.callback(victim.kill)
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        unix = stack.enter_context(socket.socket(socket.AF_UNIX))
        unix.bind(str(folder / "socket"))
        unix.listen()
        for each in (tcp, udp, unix):
            each.setblocking(False)
        yield Surroundings(folder, victim, tcp, udp, unix)


def _package() -> Path:
    """A module of a package installed beside Python's own modules, where this program may be as well."""
    beside = Path(sysconfig.get_path("stdlib"), "site-packages")
    found = (file for file in beside.glob("*/*.py") if file.parent.name not in _TORCH_AND_GUESTS)
    return next(found, Path("/etc/passwd"))


def _heard(sock: socket.socket) -> bool:
    try:
        if sock.type == socket.SOCK_DGRAM:
            sock.recv(10)
        else:
            sock.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def _stat(pid: int) -> list[str]:
    """A process's state and what follows in /proc/PID/stat."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _descendants(pid: int) -> set[int]:
    found: set[int] = set()
    with suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (thread / "children").read_text().split()):
                found |= {child} | _descendants(child)
    return found


async def run_attack(attack: Attack, source: str, runner: Runner) -> RunResult | RunnerFailure:
    wall = attack.wall or (0.8 if attack.end == "stopped" else 5.0)
    limits = Limits(wall=wall, cpu=1, memory=300 * 1024 * 1024)
    try:
        return (await runner.run(Job((program(source, "x"),), limits))).program(0)
    except RunnerFailure as failure:
        return failure


def check_end(attack: Attack, result: RunResult | RunnerFailure) -> None:
    """The program ended as the attack says."""
    raised = result.raised if isinstance(result, RunResult) else None
    match attack.end:
        case "refused":
            assert raised is not None, result
            assert raised.limit, raised
        case "raises":
            assert raised is not None, result
        case "stopped":
            assert isinstance(result, Stopped), result
        case "died":
            assert isinstance(result, ChildDied), result
        case "honest":
            assert isinstance(result, RunResult), result
            value = result.values.get("x")
            if isinstance(value, Tensor):
                entries = value.entries
                assert "9" not in value.printed
            else:
                assert isinstance(value, Sequence), result
                entries = tuple(each.number for each in value.items)  # type: ignore[union-attr]
            assert entries == attack.honest
    if isinstance(result, RunResult):
        assert CONTENT not in str(result)
        assert "root:" not in str(result)


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(
    ("family", "attack"), EVERY, ids=[f"{family}: {attack.name}" for family, attack in EVERY]
)
async def test_it_is_contained_and_the_next_grading_works(
    family: str, attack: Attack, runner: Runner, surroundings: Surroundings
) -> None:
    await runner.wait_ready()
    before, supervisor = surroundings.look(), runner.supervisor_pid

    result = await run_attack(attack, surroundings.fill_in(attack.source, runner), runner)
    check_end(attack, result)

    begun = time.monotonic()
    following = await runner.run(Job((program("x = 6 * 7", "x"),)))
    assert following.program(0).values == {"x": Number(42)}
    assert time.monotonic() - begun < QUICK_SECONDS
    assert runner.supervisor_pid == supervisor
    assert surroundings.look() == before
    # Nothing of it lives on: the supervisor's only descendants are its own idle children.
    for _ in range(1000):
        if _descendants(supervisor) == set(runner.idle_pids):
            break
        await asyncio.sleep(0.01)
    else:
        pytest.fail("processes are left")


def test_the_corpus_is_as_large_as_it_should_be() -> None:
    assert len(EVERY) >= 80
    assert all(len(attacks) >= 10 for attacks in FAMILIES.values())
    assert len({(family, attack.name) for family, attack in EVERY}) == len(EVERY)
