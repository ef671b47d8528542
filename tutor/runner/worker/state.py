"""Every run of a job starts alike: what a program may have changed is set back, or seen.

Cheap global settings are set back before each run.  What cannot be (a patched function, a thread left
running) is noticed after it, and the rest of the job then goes to a fresh child.
"""
# Torch's switches are read and set where they are, below the functions that a program may replace.
# ruff: noqa: SLF001

from __future__ import annotations

import _thread
import gc
import math
import random
import sys
import threading
import warnings
from typing import Any, Final, cast

import torch
import torch.nn.functional

_C: Final[Any] = torch._C
# torch.manual_seed asks every accelerator's module too, which takes longer than a program.
_manual_seed: Final = torch.default_generator.manual_seed
_random_state: Final = torch.default_generator.get_state
_equal: Final = torch.equal
_no_overrides: Final[Any] = _C.DisableTorchFunction
_set_default_dtype: Final = torch.set_default_dtype
_set_num_threads: Final = torch.set_num_threads
_set_anomaly: Final[Any] = torch.set_anomaly_enabled
_print_options: Final[Any] = torch._tensor_str.PRINT_OPTS
_default_printing: Final = vars(_print_options).copy()
_float32, _float64 = torch.float32, torch.float64
_set_flush_denormal: Final = torch.set_flush_denormal
_is_inference_mode: Final = torch.is_inference_mode_enabled
_is_autocast: Final = torch.is_autocast_enabled
_filters: Final = list(warnings.filters)
_recursion_limit: Final = sys.getrecursionlimit()
_gc_threshold: Final = gc.get_threshold()
_seed_python: Final = random.seed

#: Whose names a program must leave as they are, or be the last one in its process.
_WATCHED: Final[tuple[Any, ...]] = (
    torch, torch.Tensor, torch.nn, torch.nn.Module, torch.nn.functional, torch.autograd,
    torch.autograd.Function, torch.linalg, math, random,
)  # fmt: skip
_ALWAYS_NEW: Final = frozenset({"__main__", "builtins"})
# Written by torch itself in the course of things.
_IGNORED: Final = frozenset({"__warningregistry__"})


class Watch:
    """Remembers the watched namespaces.

    Made in the supervisor, for all children: taking hold of thousands of objects writes to as many
    places of the memory that children share with it.
    """

    def __init__(self) -> None:
        self._before = [dict(vars(of)) for of in _WATCHED]
        self._modules = {
            name: module for name, module in sys.modules.items() if name not in _ALWAYS_NEW
        }

    def untouched(self) -> bool:
        """Whether another program may follow in this process."""
        # _count() is of threads begun through Python; a running one could write into the next run.
        if _thread._count() or _modes_left():
            return False
        try:
            if any(sys.modules.get(name) is not was for name, was in self._modules.items()):
                return False
            return all(
                vars(of) == before or _same(vars(of), before)
                for of, before in zip(_WATCHED, self._before, strict=True)
            )
        except BaseException:  # noqa: BLE001 - comparing what a program put there may raise
            return False


def _same(now: Any, before: dict[str, Any]) -> bool:
    """Whether nothing that was there has changed; submodules that were imported may have come."""
    if any(now.get(name) is not value for name, value in before.items() if name not in _IGNORED):
        return False
    module = type(sys)
    return all(name in before or name in _IGNORED or type(value) is module
               for name, value in now.items())  # fmt: skip


def _modes_left() -> bool:
    return bool(
        _C._len_torch_function_stack()
        or _C._len_torch_dispatch_stack()
        or _is_inference_mode()
        or _is_autocast("cpu")
    )


def reset(seed: int, *, double: bool = False) -> None:
    """Set every known global back and seed every generator."""
    sys.setrecursionlimit(_recursion_limit)
    sys.settrace(None)
    sys.setprofile(None)
    threading.settrace(None)
    gc.enable()
    gc.set_threshold(*_gc_threshold)
    if warnings.filters != _filters:
        warnings.resetwarnings()
        cast("list[Any]", warnings.filters).extend(_filters)
    vars(_print_options).update(_default_printing)
    _set_num_threads(1)
    _set_default_dtype(_float64 if double else _float32)
    _C._set_grad_enabled(True)
    # Not torch.use_deterministic_algorithms: that imports the whole compiler (1.5 s) first.
    _C._set_deterministic_algorithms(True, warn_only=True)
    _set_anomaly(False)
    _set_flush_denormal(False)
    _C._set_float32_matmul_precision("highest")
    _manual_seed(seed % 2**63)
    _begun[0] = _random_state()
    _seed_python(seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(seed % 2**32)


#: The state of torch's random numbers as the run began with it.
_begun: Final[list[Any]] = [None]


def drew_random() -> bool:
    """Whether torch drew a random number since :func:`reset`; yes where that cannot be told."""
    try:
        with _no_overrides():
            if _C._len_torch_dispatch_stack():
                return True
            return not _equal(_begun[0], _random_state())
    except BaseException:  # noqa: BLE001 - whatever a program has left behind may raise
        return True
