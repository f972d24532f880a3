# What only text encoders do.

def rms_norm(x: Tensor, w: Tensor, eps: float) -> Tensor:
    # In fp32 whatever the type of x.
    y = torch.to(x, 6)
    return y * torch.rsqrt(torch.mean(y * y, [-1], True) + eps) * w

def gated_gelu(x: Tensor, y: Tensor) -> Tensor:
    return self.gelu(x, "tanh") * y

def relative_buckets(distances: Tensor, buckets: int, max_distance: int) -> Tensor:
    # Half of the buckets for keys that come later. Of each half, one half is a distance wide and the
    # other grows with the logarithm.
    half = buckets // 2
    exact = half // 2
    d = torch.abs(distances)
    steps = torch.log(torch.to(d, 6) / exact) / torch.log(max_distance / exact) * (half - exact)
    far = torch.clamp(exact + torch.to(steps, 4), max=half - 1)
    return torch.to(torch.gt(distances, 0), 4) * half + torch.where(torch.lt(d, exact), d, far)

def relative_bias(table: Tensor, length: int, max_distance: int) -> Tensor:
    # table (buckets, H) -> (1, H, L, L): every diagonal is one row of the table.
    distances = torch.arange(1 - length, length, dtype=4, device=table.device)
    diagonals = torch.embedding(table, self.relative_buckets(distances, table.size(0), max_distance))
    last_to_first = torch.unfold(diagonals, 0, length, 1)
    return torch.unsqueeze(torch.permute(torch.flip(last_to_first, [0]), [1, 0, 2]), 0)

def causal_bias(ids: Tensor, off: float) -> Tensor:
    # (B, L) -> (1, 1, L, L): `off` for keys that come later.
    length = ids.size(1)
    later = torch.triu(torch.full([length, length], off, dtype=6, device=ids.device), 1)
    return torch.unsqueeze(torch.unsqueeze(later, 0), 0)

def indicator(ids: Tensor, id: int) -> Tensor:
    return torch.to(torch.eq(ids, id), 4)

def state_of_highest(states: Tensor, scores: Tensor) -> Tensor:
    # (B, L, D) by (B, L) -> (B, D); the first of equals.
    at = torch.reshape(torch.argmax(scores, 1), [-1, 1, 1])
    return torch.squeeze(torch.gather(states, 1, torch.expand(at, [-1, -1, states.size(2)])), 1)
