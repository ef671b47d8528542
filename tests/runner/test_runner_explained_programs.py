"""Whatever a program is made of, explaining it leaves it as it is, and its walk adds up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from explained_checks import check_call, check_same

from tutor.runner.job import ExplainRun, Job, Section

if TYPE_CHECKING:
    from tutor.runner.client import Runner

pytestmark = pytest.mark.asyncio(loop_scope="session")

PROGRAMS = {
    "modules and an optimizer": """\
import torch.nn as nn
model=nn.Sequential(nn.Linear(2,3),nn.Tanh(),nn.Dropout(0.5),nn.Linear(3,1))
opt=torch.optim.Adam(model.parameters(),lr=.1)
x=torch.randn(4,2);t=torch.randn(4,1)
for _ in range(3):
    opt.zero_grad()
    loss=nn.functional.mse_loss(model(x),t)
    loss.backward()
    opt.step()
l=loss.item()
""",
    "a recurrent module": """\
import torch.nn as nn
m=nn.LSTM(2,3)
x=torch.randn(4,1,2)
y,(h,c)=m(x)
y.sum().backward()
g=m.weight_ih_l0.grad.sum()
""",
    "hooks of saved tensors": """\
from torch.autograd.graph import saved_tensors_hooks
n=0
def pack(t):
    global n
    n+=1
    return t
def unpack(t):
    global n
    n+=100
    return t
x=torch.ones(2,requires_grad=True)
with saved_tensors_hooks(pack,unpack):
    y=(x*x).exp()
y.sum().backward()
""",
    "a hook after accumulation": """\
x=torch.ones(2,requires_grad=True)
def h(p):
    with torch.no_grad():
        p-=p.grad
    p.grad=None
x.register_post_accumulate_grad_hook(h)
(x*x).sum().backward()
""",
    "operations with several outputs": """\
x=torch.randn(3,3,requires_grad=True)
a,b,c=x.unbind()
v,i=x.max(dim=1)
U,S,V=torch.linalg.svd(x)
(a*b+c).sum().backward(retain_graph=True)
(v.sum()+S.sum()).backward()
p,q=x.split([1,2])
(p.sum()*q.sum()).backward()
""",
    "slices written in place": """\
x=torch.randn(3,requires_grad=True)
y=torch.zeros(3)
y[0]=x[0]*2
y[1:]=x[1:]**2
y.mul_(2)
z=y.clone()
z[0]=5
z.sum().backward()
""",
    "a custom function with setup_context": """\
class F(torch.autograd.Function):
    @staticmethod
    def forward(x,k): return x*k
    @staticmethod
    def setup_context(ctx,inputs,output):
        ctx.save_for_backward(inputs[0])
        ctx.k=inputs[1]
    @staticmethod
    def backward(ctx,g):
        return g*ctx.k,None
x=torch.ones(2,requires_grad=True)
y=F.apply(x,3)
y.sum().backward()
""",
    "a custom function with two outputs": """\
class F(torch.autograd.Function):
    @staticmethod
    def forward(ctx,a,b):
        return a*2,b*3
    @staticmethod
    def backward(ctx,g,h): return g*2,h*3
a=torch.ones(2,requires_grad=True)
b=torch.ones(2,requires_grad=True)
p,q=F.apply(a,b)
(p*q).sum().backward()
r,s=F.apply(a,b)
r.sum().backward()
""",
    "torch.func": """\
from torch.func import vmap,grad,jacrev,functional_call
m=torch.nn.Linear(2,1)
p=dict(m.named_parameters())
def loss(p,x): return functional_call(m,p,(x,)).sum()
g=vmap(grad(loss),in_dims=(None,0))(p,torch.randn(3,2))
w=g['weight']
x=torch.ones(2,requires_grad=True)
(x*x).sum().backward()
""",
    "a sparse gradient": """\
e=torch.nn.Embedding(5,2,sparse=True)
e(torch.tensor([1,1])).sum().backward()
g=e.weight.grad.to_dense()
""",
    "generators and comprehensions": """\
def g(n):
    for i in range(n):
        yield torch.ones(1)*i
total=sum(g(4))
lst=[a*2 for a in g(3)]
d={k:v for k,v in zip('ab',lst)}
""",
    "a class with methods": """\
class A:
    k=torch.ones(2)
    def __init__(self,w):
        self.w=w
    def f(self,x):
        try:
            return self.w*x
        finally:
            self.n=1
a=A(torch.ones(2,requires_grad=True))
y=a.f(torch.tensor([1.,2.]))
y.sum().backward()
g=a.w.grad
""",
    "a decorated function": """\
@torch.no_grad()
def step(w):
    w-=w.grad
w=torch.ones(2,requires_grad=True)
(w*w).sum().backward()
step(w)
""",
    "an optimizer that calls back": """\
w=torch.tensor([3.,2.],requires_grad=True)
opt=torch.optim.LBFGS([w],max_iter=3)
def closure():
    opt.zero_grad()
    l=(w**2).sum()
    l.backward()
    return l
opt.step(closure)
""",
    "batched gradients": """\
x=torch.ones(2,requires_grad=True)
y=x*x
(J,)=torch.autograd.grad(y,x,torch.eye(2),is_grads_batched=True)
""",
    "gradient edges": """\
from torch.autograd.graph import get_gradient_edge
x=torch.ones(2,requires_grad=True)
y=x*x
z=y.sum()
e=get_gradient_edge(y)
(g,)=torch.autograd.grad(z,[e])
""",
    "match, with, try": """\
v=3
match v:
    case 1:
        a=1
    case int(n) if n>2:
        a=2
with open('/dev/null') if False else torch.no_grad() as q, torch.enable_grad():
    b=1
try:
    1/0
except* ZeroDivisionError:
    c=3
""",
    "numbers out of tensors": """\
x=torch.tensor(2.,requires_grad=True)
s=x.item()*3
y=x*s+float(x)
y.backward()
""",
    "the gradient of a norm of a gradient": """\
x=torch.randn(3,requires_grad=True)
w=torch.randn(3,3,requires_grad=True)
y=((w@x).tanh()).sum()
(g,)=torch.autograd.grad(y,x,create_graph=True)
pen=((g.norm()-1)**2)
pen.backward()
""",
    "distributions": """\
from torch.distributions import *
mu=torch.tensor(0.,requires_grad=True)
d=Normal(mu,1.)
z=d.rsample((3,))
(-d.log_prob(z.detach()).mean()+kl_divergence(d,Normal(1.,2.))).backward()
""",
}
#: These call backward nowhere that can be seen.
WITHOUT = {"generators and comprehensions", "match, with, try"}


@pytest.mark.parametrize("name", PROGRAMS)
async def test_it_is_explained_and_stays_what_it_was(runner: Runner, name: str) -> None:
    run = ExplainRun((Section("program", PROGRAMS[name]),), 1)
    found = (await runner.run(Job((run,)))).explained(0)
    await check_same(runner, run, found)
    assert found.run is not None
    assert found.run.raised is None
    assert not found.trace.truncated
    assert not found.walk.graph.truncated
    assert bool(found.walk.calls) == (name not in WITHOUT)
    for call in found.walk.calls:
        check_call(found.walk.graph, call)
        assert call.visits
