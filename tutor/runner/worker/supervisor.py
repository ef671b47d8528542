"""The supervisor: imports torch once, then only forks children, and buries them.

It hands the app one end of a socket to each child and never sees what goes over it: neither requests
nor programs nor results pass through this process, so a child cannot find anything of them in the
memory it inherits.  It ends when the control socket closes, and its children with it.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

# Torch's and numpy's libraries start threads at import unless told not to; a process with threads
# cannot be forked safely.  Set here, not in the environment that was exec'd, which stays empty.
os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")

#: How often what explains a run is tried before the first real one.
_WARM_UPS: Final = 3

#: Imported by torch only when first used, and slow (1.5 s together): torch.func, torch.optim and
#: torch.utils.checkpoint need the first, gradcheck the second.
_SLOW_MODULES: Final = ("torch._dynamo", "torch.testing", "torch.utils.checkpoint")


def main(control_fd: int) -> None:
    """Serve the control socket until it closes."""
    control = socket.socket(fileno=control_fd)
    try:
        worker = _load()
    except ImportError as error:
        _send(control, {"failed": f"torch cannot be imported: {error}"})
        return
    try:
        Supervisor(control, worker).serve()
    except (BrokenPipeError, ConnectionResetError):
        return  # the app is gone


class Worker(NamedTuple):
    """The worker's functions, held here once its modules are out of programs' reach."""

    run_child: Callable[..., None]
    new_watch: Callable[[], Any]
    confinement: Any
    torch_version: str


def _load() -> Worker:
    import torch

    torch.set_num_threads(1)
    from tutor.runner.worker import child, probe, program, state

    state.reset(0)
    # Python makes code quicker as it runs, which children inherit.
    for _ in range(_WARM_UPS):
        if child.run_explained is not None:
            child.run_explained(child.WARM_UP, 1000)
            state.reset(0)
    program.run_program(child.WARM_UP, 1000)
    confinement = probe.probe()
    os.environ.clear()
    sys.argv[:] = [""]
    _hide_ourselves()
    return Worker(child.run_child, state.Watch, confinement, str(torch.__version__))


def _hide_ourselves() -> None:
    """Leave programs nothing to import but Python's and torch's own modules."""
    import numpy
    import torch

    kept = {str(Path(file).parents[1]) for file in (torch.__file__, numpy.__file__) if file}
    kept.update(path for path in sys.path if path.startswith(sys.base_prefix))
    sys.path[:] = [path for path in sys.path if path in kept]
    for name in list(sys.modules):
        if name.partition(".")[0] == "tutor":
            del sys.modules[name]


def _send(control: socket.socket, message: dict[str, Any], fds: tuple[int, ...] = ()) -> None:
    data = json.dumps(message).encode() + b"\n"
    sent = socket.send_fds(control, [data], list(fds)) if fds else control.send(data)
    control.sendall(data[sent:])


class Supervisor:
    def __init__(self, control: socket.socket, worker: Worker) -> None:
        self._control = control
        self._worker = worker
        self._watch = worker.new_watch()
        self._children: set[int] = set()
        self._extended = False
        self._woken, self._wake = socket.socketpair()
        self._woken.setblocking(False)
        self._wake.setblocking(False)

    def serve(self) -> None:
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        _settle()
        _send(self._control, {
            "ready": {
                "torch": self._worker.torch_version,
                "protections": self._worker.confinement.report(),
            }
        })  # fmt: skip
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(self._woken, select.POLLIN)
        try:
            while True:
                ready = {fd for fd, _ in poll.poll()}
                if self._woken.fileno() in ready:
                    self._bury()
                if self._control.fileno() in ready and not self._obey():
                    return
        finally:
            for pid in self._children:
                _kill(pid)

    def _obey(self) -> bool:
        """Carry out what the app asks; False when it is gone."""
        data = self._control.recv(4096)
        while data and not data.endswith(b"\n"):
            more = self._control.recv(4096)
            data = data + more if more else b""
        for line in data.split(b"\n"):
            word, _, rest = line.partition(b" ")
            if word == b"fork":
                self._fork()
            elif word == b"kill" and int(rest) in self._children:
                _kill(int(rest))
            elif word == b"extend":
                self._extend()
        return bool(data)

    def _fork(self) -> None:
        theirs, ours = socket.socketpair()
        supervisor = os.getpid()
        pid = os.fork()
        if pid == 0:
            worker = self._worker
            worker.run_child(ours.fileno(), worker.confinement, self._watch, supervisor)
        ours.close()
        self._children.add(pid)
        _send(self._control, {"child": pid, "extended": self._extended}, (theirs.fileno(),))
        theirs.close()

    def _bury(self) -> None:
        with suppress(BlockingIOError):
            self._woken.recv(4096)
        while self._children:
            pid, status, used = os.wait4(-1, os.WNOHANG)
            if not pid:
                return
            self._children.discard(pid)
            code = os.waitstatus_to_exitcode(status)
            cpu = used.ru_utime + used.ru_stime
            _send(self._control, {"exit": pid, "status": code, "cpu": cpu})

    def _extend(self) -> None:
        """Import what is slow to import, so that children forked from now on have it."""
        if not self._extended:
            for name in _SLOW_MODULES:
                importlib.import_module(name)
            self._watch = self._worker.new_watch()
            _settle()
            self._extended = True
        _send(self._control, {"extended": True})


def _settle() -> None:
    """Leave all that is in memory out of every later collection: children share it untouched."""
    gc.collect()
    gc.freeze()


def _kill(pid: int) -> None:
    # Its process group too: where children cannot be kept from forking, theirs end with them.
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue
