"""The exercises that the app is tested with: one of every answer kind, and one that is broken.

Texts and not files: a file of exercises would itself be collected as tests.
"""

from __future__ import annotations

EXERCISES = {
    "accumulation": r"""
format: 1
id: app.accumulation
skill: app.accumulation
title: {en: Twice backward, zh: 两次反向}
program: |
  x = torch.tensor([1.0, 2.0], requires_grad=True)
  (3 * x).sum().backward()
  (x * x).sum().backward()
ask: {en: "What is `x.grad`?", zh: "`x.grad` 是什么？"}
answers:
  grad: {kind: value, value: x.grad}
explain: {en: "Each backward adds to `x.grad`.", zh: "每次 backward 都累加到 `x.grad`。"}
""",
    "detach": r"""
format: 1
id: app.detach
skill: app.detach
title: {en: A value cut out of the graph, zh: 从计算图中分离出来的值}
program: |
  x = torch.tensor([-3.0, 2.0], requires_grad=True)
  y = x * x
  u = y.detach()
  z = (u * x).sum()
  z.backward()
ask: {en: "What is `x.grad`?", zh: "`x.grad` 是什么？"}
answers:
  grad: {kind: value, value: x.grad}
""",
    "in-place": r"""
format: 1
id: app.in-place
skill: app.in-place
title: {en: Changed in place, zh: 就地修改}
program: |
  x = torch.tensor([1.0, 2.0], requires_grad=True)
  y = x.exp()
  y.add_(1)
  y.sum().backward()
ask: {en: "Does this raise, and where?", zh: "会报错吗？在哪一行？"}
answers:
  error: {kind: raises}
""",
    "transpose": r"""
format: 1
id: app.transpose
skill: app.transpose
title: {en: Through a matrix, zh: 经过一个矩阵}
program: |
  A = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
  x = torch.tensor([1.0, -1.0], requires_grad=True)
  y = A @ x
  y.backward(torch.tensor([1.0, 2.0]))
ask: {en: "What is `x.grad`?", zh: "`x.grad` 是什么？"}
answers:
  grad: {kind: value, value: x.grad}
""",
    "broken": r"""
format: 1
id: app.broken
skill: app.broken
title: {en: Our own fault, zh: 我们的错}
program: |
  x = torch.ones(2)
ask: {en: "What is `x.grad`?", zh: "`x.grad` 是什么？"}
answers:
  grad: {kind: value, value: no_such_name}
""",
    "choice": r"""
format: 1
id: app.choice
skill: app.choice
title: {en: "Not [bold]markup[/bold]", zh: "不是 [bold]标记[/bold]"}
program: |
  x = torch.tensor([1.0, 2.0], requires_grad=True)
  (x * x).sum().backward()
ask:
  en: "What is `x.grad[0]`, as a number? It is not {{ live('x.grad[1].item()') }}. [/b]"
  zh: "`x.grad[0]` 是几？"
answers:
  which:
    kind: choice
    options:
      - {expr: "x.grad[0].item()", correct: true}
      - {text: "`W[:, 0] = [red]` is not markup [/b]", says: "It is not."}
      - {expr: "x.grad[1].item()"}
""",
    "code": r"""
format: 1
id: app.code
skill: app.code
title: {en: Write it, zh: 写代码}
program: |
  x = torch.tensor([1.0, 2.0])
ask: {en: "Put the sum of `x` into `y`.", zh: "把 `x` 的和放进 `y`。"}
answers:
  sum:
    kind: code
    starter: |
      y = None
    solution: |
      y = x.sum()
    compare: [y]
""",
    "flags": r"""
format: 1
id: app.flags
skill: app.flags
title: {en: Three flags, zh: 三个标志}
program: |
  x = torch.ones(2, requires_grad=True)
  y = x * 2
ask: {en: "True or False?", zh: "真还是假？"}
answers:
  leaf:
    kind: flags
    flags: [x.is_leaf, y.is_leaf, y.requires_grad]
""",
    "formula": r"""
format: 1
id: app.formula
skill: app.formula
title: {en: A derivative, zh: 一个导数}
ask: {en: "The gradient of `(a * a).sum()` by `a`?", zh: "`(a * a).sum()` 对 `a` 的梯度？"}
answers:
  grad:
    kind: formula
    vars: {a: [3]}
    truth: torch.autograd.grad((a * a).sum(), a)[0]
    show: 2*a
""",
    "order": r"""
format: 1
id: app.order
skill: app.order
title: {en: In order, zh: 排序}
program: |
  x = torch.ones(2, requires_grad=True)
ask: {en: "Put the lines in order.", zh: "给各行排序。"}
answers:
  lines:
    kind: order
    lines: ["y = x.sum()", "y.backward()", "g = x.grad"]
    distractors: ["del x"]
""",
    "raises": r"""
format: 1
id: app.raises
skill: app.raises
title: {en: Does it run?, zh: 能运行吗？}
program: |
  x = torch.ones(2, requires_grad=True)
  y = x * 2
  y.backward()
ask: {en: "Does this raise, and where?", zh: "会报错吗？在哪一行？"}
answers:
  error:
    kind: raises
    lines: [1, 2, 3]
""",
    "two": r"""
format: 1
id: app.two
skill: app.two
title: {en: Two answers, zh: 两个答案}
program: |
  x = torch.tensor(3.0, requires_grad=True)
  y = x * x
  y.backward()
ask: {en: "What are `y` and `x.grad`?", zh: "`y` 和 `x.grad` 分别是什么？"}
answers:
  y: {kind: value, value: y.item(), prompt: {en: "`y`", zh: "`y`"}}
  grad: {kind: value, value: x.grad, prompt: {en: "`x.grad`", zh: "`x.grad`"}}
explain: {en: "The slope of x² is 2x.", zh: "x² 的导数是 2x。"}
""",
    "value": r"""
format: 1
id: app.value
skill: app.value
title: {en: "A matrix, through the mean", zh: 经过均值的矩阵}
program: |
  x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
  loss = (x ** 2).mean()
  loss.backward()
ask: {en: "What is `x.grad` after this runs?", zh: "运行之后 `x.grad` 是什么？"}
answers:
  grad:
    kind: value
    value: x.grad
    near:
      sum-for-mean:
        patch: [{replace: mean, with: sum}]
        says:
          en: That is the gradient of the sum. The mean divides by the number of entries.
          zh: 那是求和的梯度。均值还要除以元素个数。
hints:
  - {en: "What does the mean divide by?", zh: 均值要除以什么？}
  - {en: "There are {{ live('x.numel()') }} entries.", zh: "一共有 {{ live('x.numel()') }} 个元素。"}
explain:
  en: "∂loss/∂xᵢⱼ = 2·xᵢⱼ / 4 = xᵢⱼ / 2, so `x.grad` is {{ live('x.grad') }}."
  zh: "∂loss/∂xᵢⱼ = 2·xᵢⱼ / 4 = xᵢⱼ / 2，所以 `x.grad` 是 {{ live('x.grad') }}。"
""",
}
