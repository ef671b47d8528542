"""The worker's own printing of tensors is torch's, to the letter; torch is loaded in a process apart."""

from __future__ import annotations

import subprocess
import sys

COMPARE = """
import random, torch
from tutor.runner.worker import dump, printed

assert printed.agrees_with_torch()
source = random.Random(7)
whole = lambda: float(source.randint(-10**source.randint(0, 9), 10**source.randint(0, 9)))
makers = [
    lambda: source.uniform(-3, 3), whole, lambda: source.gauss(0, 1) * 10**source.randint(-9, 12),
    lambda: source.choice([0.0, -0.0, 1.0, float("nan"), float("inf"), -float("inf"), 0.5]),
    lambda: source.randint(-10**source.randint(0, 17), 10**source.randint(0, 17)),
    lambda: source.random() < 0.5, lambda: round(source.uniform(-2, 2), 4),
]
shapes = [
    (), (1,), (2,), (3,), (7,), (40,), (2, 2), (3, 1), (1, 5), (2, 30), (2, 1, 3), (2, 2, 2, 2),
    (0,), (2, 0),
]
own = 0
for turn in range(2000):
    make = source.choice(makers)
    shape = source.choice(shapes)
    count = 1
    for size in shape:
        count *= size
    tensor = torch.tensor([make() for _ in range(count)]).reshape(shape)
    text = printed.plain(tensor.reshape(-1).tolist(), list(shape))
    own += text is not None
    assert text in (None, repr(tensor)), (tensor.tolist(), text, repr(tensor))
    assert dump.dump(tensor)["printed"] == repr(tensor)
assert own > 1500, own
for other in (torch.float16, torch.bfloat16, torch.float64, torch.int32, torch.uint8):
    tensor = torch.tensor([[1, 2], [3, 40]]).to(other)
    assert dump.dump(tensor)["printed"] == repr(tensor)
torch.set_printoptions(precision=2)
assert dump.dump(torch.tensor([1.23456]))["printed"] == "tensor([1.23])"
print("same")
"""


def test_tensors_are_printed_as_torch_prints_them() -> None:
    done = subprocess.run([sys.executable, "-c", COMPARE], capture_output=True, text=True)
    assert done.stdout == "same\n", done.stderr
