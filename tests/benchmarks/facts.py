"""Whether what a relation says is true of the numbers, checked by other means than those that found it."""

from __future__ import annotations

import torch

from tutor.values import Nothing, Number, Sequence, Size, Tensor

RTOL, ATOL = 3e-3, 2e-6


def as_torch(value) -> torch.Tensor | None:
    match value:
        case Number(number):
            return torch.tensor(float(number), dtype=torch.float64)
        case Tensor(dtype, shape, entries) if dtype != "bool":
            return torch.tensor([float(e) for e in entries], dtype=torch.float64).reshape(shape)
        case Sequence(items):
            parts = [as_torch(item) for item in items]
            if parts and all(p is not None and p.shape == parts[0].shape for p in parts):
                return torch.stack(parts)
    return None


def close(a: torch.Tensor, b: torch.Tensor) -> bool:
    return a.numel() == b.numel() and torch.allclose(
        a.reshape(-1), b.reshape(-1), rtol=RTOL, atol=ATOL
    )


def reductions_of(large: torch.Tensor) -> list[torch.Tensor]:
    dims = [(d,) for d in range(large.dim())] + [tuple(range(n)) for n in range(2, large.dim() + 1)]
    return [large.sum(dim=d) for d in dims]


def holds(kind: str, parts: dict, typed, truth, inputs) -> bool:
    """``typed`` and ``truth`` are values; ``inputs`` tensors by name."""
    match kind:
        case "zeros-for-none":
            return isinstance(truth, Nothing) and not as_torch(typed).any()
        case "gradient-for-none":
            return isinstance(truth, Nothing) and bool(as_torch(typed).any())
        case "none-for-zeros":
            return isinstance(typed, Nothing) and not as_torch(truth).any()
        case "none-for-gradient":
            return isinstance(typed, Nothing) and not isinstance(truth, Nothing)
        case "dimensions-permuted":
            dims = typed.dims if isinstance(typed, Size) else tuple(map(int, as_torch(typed)))
            return dims != truth.dims and sorted(dims) == sorted(truth.dims)
        case "shape-of":
            dims = typed.dims if isinstance(typed, Size) else tuple(map(int, as_torch(typed)))
            return inputs[parts["name"]].shape == dims
        case "exchanged":
            return True  # both fields are compared by grading itself
    a, t = as_torch(typed), as_torch(truth)
    if a is None or t is None:
        return False
    return numbers_hold(kind, parts, a, t, inputs)


def numbers_hold(kind: str, parts: dict, a: torch.Tensor, t: torch.Tensor, inputs) -> bool:
    x = as_torch(inputs[parts["name"]]) if parts.get("name") in inputs else None
    checks = {
        "transposed": lambda: close(a, t.T.contiguous()) and not close(a, t),
        "shape": lambda: a.shape != t.shape and close(a, t),
        "negated": lambda: close(a, -t) and bool(t.any()),
        "signs": lambda: close(a.abs(), t.abs()),
        "magnitudes": lambda: close(a, t.abs()),
        "other-value": lambda: x is not None and close(a, x),
        "reciprocal": lambda: close(a, 1 / t),
        "times-input": lambda: x is not None and close(a, t * x),
        "over-input": lambda: x is not None and close(a * x, t),
        "not-summed": lambda: any(close(total, t) for total in reductions_of(a)),
        "summed": lambda: any(close(a, total) for total in reductions_of(t)),
        "averaged": lambda: any(close(a * (t.numel() / s.numel()), s) for s in reductions_of(t)),
        "permuted": lambda: close(a.reshape(-1).sort().values, t.reshape(-1).sort().values),
        "one-off": lambda: abs(float(a) - float(t)) == 1,
        "offset": lambda: close(a - t, (a - t).reshape(-1)[0].expand_as(t)) and not close(a, t),
        "parallel": lambda: close(a / a.norm(), t / t.norm()),
        "term": lambda: x is not None and is_multiple(t - a, x) and not close(a, t),
    }
    if kind.startswith("factor"):
        return is_multiple(a, t) and not close(a, t) and named(kind, parts, a, t)
    return kind in checks and checks[kind]()


def is_multiple(a: torch.Tensor, of: torch.Tensor) -> bool:
    at = of.abs().argmax()
    return a.numel() == of.numel() and close(a, a.reshape(-1)[at] / of.reshape(-1)[at] * of)


def named(kind: str, parts: dict, a: torch.Tensor, t: torch.Tensor) -> bool:
    """Whether the factor that is named is the one that holds."""
    if kind == "factor":
        return True
    at, k = t.abs().argmax(), float(parts["k"])
    ratio = float(a.reshape(-1)[at] / t.reshape(-1)[at])
    return min(abs(ratio / k - 1), abs(ratio * k - 1)) < 5e-3
