# The layers of transformers. What overwrites its input does so only where no gradient passes: callers
# own the buffer they pass.

def linear_bias(x: Tensor, w: Tensor, b: Optional[Tensor]) -> Tensor:
    return torch.linear(x, w, b)

def linear(x: Tensor, w: Tensor) -> Tensor:
    return torch.linear(x, w)

def silu(x: Tensor) -> Tensor:
    return torch.silu(x)

def gelu(x: Tensor, approximate: str) -> Tensor:
    if x.requires_grad:
        return torch.gelu(x, approximate=approximate)
    return torch.gelu_(x, approximate=approximate)

def quick_gelu(x: Tensor) -> Tensor:
    return x * torch.sigmoid(x * 1.702)

def layer_norm_affine(x: Tensor, w: Optional[Tensor], b: Optional[Tensor], eps: float) -> Tensor:
    return torch.layer_norm(x, [x.size(-1)], w, b, eps)

def layer_norm(x: Tensor, eps: float) -> Tensor:
    return self.layer_norm_affine(x, None, None, eps)

def per_clip(v: Tensor, x: Tensor) -> Tensor:
    # (B, D) beside x (B, ..., D) as (B, 1, ..., D).
    while v.dim() < x.dim():
        v = torch.unsqueeze(v, 1)
    return v

def modulate(x: Tensor, shift: Tensor, scale: Tensor) -> Tensor:
    return torch.addcmul(self.per_clip(shift, x), x, 1 + self.per_clip(scale, x))

def add_gated(x: Tensor, gate: Tensor, y: Tensor) -> Tensor:
    return torch.addcmul(x, self.per_clip(gate, x), y)

def attention(q: Tensor, k: Tensor, v: Tensor, bias: Optional[Tensor], heads: int, scale: float) -> Tensor:
    # q (B, L, H d), k and v (B, S, H d) -> (B, L, H d); the fused kernel never holds L x S logits.
    y = self.fused_attention(self.split_heads(q, heads), self.split_heads(k, heads), self.split_heads(v, heads), bias, scale)
    return torch.flatten(torch.transpose(y, 1, 2), 2)

def attention_unbiased(q: Tensor, k: Tensor, v: Tensor, heads: int, scale: float) -> Tensor:
    return self.attention(q, k, v, None, heads, scale)

def split_heads(x: Tensor, heads: int) -> Tensor:
    # (B, L, H d) -> (B, H, L, d)
    return torch.transpose(torch.reshape(x, [x.size(0), x.size(1), heads, -1]), 1, 2)

def embedding(ids: Tensor, table: Tensor) -> Tensor:
    return torch.embedding(table, ids)
