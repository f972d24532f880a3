# Losses, gradients and the optimiser.

def mse_loss(x: Tensor, y: Tensor) -> Tensor:
    return torch.mse_loss(x, y)

def l1_loss(x: Tensor, y: Tensor) -> Tensor:
    return torch.l1_loss(x, y)

def weighted_sum(terms: List[Tensor], weights: List[float]) -> Tensor:
    y = terms[0] * weights[0]
    for i in range(1, len(terms)):
        y = y + terms[i] * weights[i]
    return y

def multiply(x: Tensor, y: Tensor) -> Tensor:
    return torch.mul(x, y)

def add_product(w: Tensor, up: Tensor, down: Tensor) -> Tensor:
    return torch.add(w, torch.to(torch.matmul(up, down), w.dtype))

def weighted_mean(x: Tensor, weights: Tensor) -> Tensor:
    return torch.mean(torch.mul(x, weights))

def gradients(loss: Tensor, parameters: List[Tensor]) -> List[Tensor]:
    # In fp32, and zero where the loss does not depend on a parameter.
    out: List[Tensor] = []
    found = torch.autograd.grad([loss], parameters, None, None, False, True)
    for i in range(len(parameters)):
        g = found[i]
        if g is None:
            out.append(torch.zeros_like(parameters[i], dtype=6))
        else:
            # The fused optimiser walks through memory without regard to strides, and gradients of
            # channels-last kernels are channels-last.
            out.append(torch.contiguous(torch.to(unchecked_cast(Tensor, g), 6)))
    return out

def inner_product(xs: List[Tensor], ys: List[Tensor]) -> Tensor:
    y = torch.sum(torch.mul(torch.to(xs[0], 6), ys[0]))
    for i in range(1, len(xs)):
        y = y + torch.sum(torch.mul(torch.to(xs[i], 6), ys[i]))
    return y

def accumulate(sums: List[Tensor], terms: List[Tensor]) -> Tensor:
    torch._foreach_add_(sums, terms)
    return sums[0]

def assign_all(xs: List[Tensor], ys: List[Tensor]) -> Tensor:
    # Converts where the types differ: one pass over all copies of master weights.
    torch._foreach_copy_(xs, ys)
    return xs[0]

def clip_gradients(gradients: List[Tensor], max_norm: float) -> Tensor:
    # By the norm over all of them together, in place; returns that norm before clipping.
    norm = torch.norm(torch.stack(torch._foreach_norm(gradients)))
    torch._foreach_mul_(gradients, torch.clamp(max_norm / (norm + 1e-06), max=1.))
    return norm

def adamw(parameters: List[Tensor], gradients: List[Tensor], m: List[Tensor], v: List[Tensor], steps: List[Tensor], lr: float, beta1: float, beta2: float, weight_decay: float, eps: float) -> Tensor:
    none: List[Tensor] = []
    torch._foreach_add_(steps, 1)
    torch._fused_adamw_(parameters, gradients, m, v, none, steps, lr=lr, beta1=beta1, beta2=beta2, weight_decay=weight_decay, eps=eps, amsgrad=False, maximize=False)
    return steps[0]

def move_towards(averages: List[Tensor], values: List[Tensor], rate: float) -> Tensor:
    # a += rate * (v - a): an exponential moving average of weights.
    torch._foreach_lerp_(averages, values, rate)
    return averages[0]
