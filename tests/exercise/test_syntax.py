"""Trees are made by one thread at a time."""

from __future__ import annotations

import ast
import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import tutor
from tutor import syntax


def _some_python(phase, info):
    sum(range(50))


def test_several_threads_may_ask_at_once():
    """Without the lock CPython 3.11.7 raises a SystemError here within a few hundred trees."""
    source = "y = [" + ", ".join(f"f(x{n}, [a * (b + {n})])" for n in range(200)) + "]"
    expected = ast.dump(ast.parse(source))
    threshold, interval = gc.get_threshold(), sys.getswitchinterval()
    # One thread gives way to another within a tree where a collection runs Python of somebody's.
    gc.set_threshold(20)
    gc.callbacks.append(_some_python)
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            trees = list(pool.map(lambda _: syntax.parse(source), range(100)))
    finally:
        gc.callbacks.remove(_some_python)
        gc.set_threshold(*threshold)
        sys.setswitchinterval(interval)
    assert all(ast.dump(tree) == expected for tree in trees)


def test_the_program_makes_trees_in_no_other_way():
    root = Path(tutor.__file__).parent
    for path in root.rglob("*.py"):
        if "worker" not in path.parts and path.name != "syntax.py":
            assert "ast.parse(" not in path.read_text(encoding="utf-8"), path
