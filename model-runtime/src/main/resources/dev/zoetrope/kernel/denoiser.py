# What denoising transformers have besides the layers of transformer.py: patches, positions, masks.

def chunk(x: Tensor, parts: int, axis: int) -> List[Tensor]:
    return torch.chunk(x, parts, axis)

def patch_embed(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    # (B, T, C, H, W) -> (B, T, h w, D), one token for each p x p patch of a frame.
    y = torch.conv2d(torch.flatten(x, 0, 1), w, b, [w.size(2), w.size(3)])
    return torch.unflatten(torch.transpose(torch.flatten(y, 2), 1, 2), 0, [x.size(0), x.size(1)])

def unpatchify(x: Tensor, rows: int, columns: int, patch: int) -> Tensor:
    # (B, T, h w, p p C) -> (B, T, C, h p, w p), C innermost in a token.
    y = torch.reshape(x, [x.size(0), x.size(1), rows, columns, patch, patch, -1])
    return torch.flatten(torch.flatten(torch.permute(y, [0, 1, 6, 2, 4, 3, 5]), 5, 6), 3, 4)

def timestep_embedding(t: Tensor, dim: int) -> Tensor:
    # (B) -> (B, dim), [cos | sin] over frequencies 10000^(-2k / dim).
    k = torch.arange(dim // 2, dtype=6, device=t.device)
    angles = torch.unsqueeze(torch.to(t, 6), 1) * torch.exp(k * (-9.210340371976184 / (dim // 2)))
    return torch.cat([torch.cos(angles), torch.sin(angles)], 1)

def sincos(positions: Tensor, dim: int) -> Tensor:
    # (N) -> (N, dim), [sin | cos] over frequencies 10000^(-2k / dim), in float64 as in the reference.
    k = torch.arange(dim // 2, dtype=7, device=positions.device)
    angles = torch.unsqueeze(torch.to(positions, 7), 1) * torch.pow(10000., k * (-2. / dim))
    return torch.to(torch.cat([torch.sin(angles), torch.cos(angles)], 1), 6)

def sincos_grid(rows: Tensor, columns: Tensor, dim: int) -> Tensor:
    # (h), (w) -> (h w, dim). The first half is the column's, whatever the reference calls it.
    h = rows.size(0)
    w = columns.size(0)
    x = torch.expand(torch.unsqueeze(self.sincos(columns, dim // 2), 0), [h, w, -1])
    y = torch.expand(torch.unsqueeze(self.sincos(rows, dim // 2), 1), [h, w, -1])
    return torch.flatten(torch.cat([x, y], 2), 0, 1)

def resample_grid(table: Tensor, h: int, w: int, rows: int, columns: int) -> Tensor:
    # A learned table (1, h w, D) to (1, rows columns, D).
    x = torch.unflatten(torch.transpose(table, 1, 2), 2, [h, w])
    y = torch.upsample_bicubic2d(x, [rows, columns], False)
    return torch.transpose(torch.flatten(y, 2), 1, 2)

def resample_frames(table: Tensor, frames: int) -> Tensor:
    # A learned table (1, F, D) to (1, frames, D), its ends kept.
    return torch.transpose(torch.upsample_linear1d(torch.transpose(table, 1, 2), [frames], True), 1, 2)

def pair_masked_attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor, on: float, off: float, heads: int, scale: float) -> Tensor:
    # Self-attention with `on` added to the logits of two valid tokens and `off` to all others. Such a
    # bias has two kinds of rows, those of valid tokens and constant ones: neither needs L x L numbers.
    valid = torch.ne(mask, 0)
    keys = torch.to(torch.where(valid, on, off), q.dtype)
    y = self.attention(q, k, v, torch.unsqueeze(torch.unsqueeze(keys, 1), 1), heads, scale)
    if off < -1e+20:
        # Swallows every logit: uniform over all tokens.
        constant = torch.mean(v, [1], True)
    else:
        # What is added to all logits alike still rounds them, as it does in the reference; fp16 ends at 65504.
        same = max(off, -65504.) if q.dtype == 5 else off
        constant = self.attention(q, k, v, torch.full([1, 1, 1, k.size(1)], same, dtype=q.dtype, device=q.device), heads, scale)
    return torch.where(torch.unsqueeze(valid, 2), y, constant)

def key_bias(mask: Tensor, off: float) -> Tensor:
    # 1 / 0 for keys (B, S) -> 0 / off as (B, 1, 1, S).
    return torch.unsqueeze(torch.unsqueeze((1 - torch.to(mask, 6)) * off, 1), 1)

def pool_mask(mask: Tensor, size: int) -> Tensor:
    # (N, H, W) -> (N, h, w): valid where any of size x size is.
    return torch.to(torch.ne(torch.max_pool2d(torch.to(mask, 6), [size, size]), 0), 6)

def pair_rotation(rows: Tensor, columns: Tensor, dim: int) -> Tensor:
    # (h), (w) -> (2, h w, dim): cos and sin, the first half by row and the second by column, each twice.
    h = rows.size(0)
    w = columns.size(0)
    k = torch.arange(dim // 4, dtype=6, device=rows.device)
    frequencies = torch.repeat_interleave(torch.pow(10000., k * (-4. / dim)), 2)
    y = torch.expand(torch.unsqueeze(torch.outer(rows, frequencies), 1), [h, w, -1])
    x = torch.expand(torch.unsqueeze(torch.outer(columns, frequencies), 0), [h, w, -1])
    angles = torch.flatten(torch.cat([y, x], 2), 0, 1)
    return torch.stack([torch.cos(angles), torch.sin(angles)])

def rotate_pairs(x: Tensor, rotation: Tensor, heads: int) -> Tensor:
    # x (B, T n, H d) by rotation (2, n, d), the same for every frame; neighbouring channels are a pair.
    y = torch.reshape(x, [x.size(0), -1, rotation.size(1), heads, rotation.size(2) // 2, 2])
    c, s = torch.unbind(torch.unsqueeze(torch.unflatten(rotation, 2, [-1, 2]), 2))
    a, b = torch.unbind(y, -1)
    turned = torch.stack([-b, a], -1)
    return torch.to(torch.reshape(y * c + turned * s, x.size()), x.dtype)

def half_rotation(positions: Tensor, dim: int) -> Tensor:
    # (N, A), A axes that share dim channels of a head -> (2, N, 1, A, dim / A / 2): cos and sin.
    n = dim // positions.size(1) // 2
    frequencies = torch.pow(10000., torch.arange(n, dtype=6, device=positions.device) * (-1. / n))
    angles = torch.unsqueeze(torch.unsqueeze(positions, 2) * frequencies, 1)
    return torch.stack([torch.cos(angles), torch.sin(angles)])

def rotate_halves(x: Tensor, rotation: Tensor, heads: int) -> Tensor:
    # x (B, N, H d); in each axis' part of a head the first half of the channels pairs with the second.
    c, s = torch.unbind(rotation)
    y = torch.reshape(x, [x.size(0), x.size(1), heads, c.size(2), 2, c.size(3)])
    a, b = torch.unbind(y, 4)
    return torch.to(torch.reshape(torch.stack([a * c - b * s, b * c + a * s], 4), x.size()), x.dtype)

def compress_grid(x: Tensor, w: Tensor, b: Tensor, rows: int) -> Tensor:
    # Depthwise convolution of (B, h w, D) by as much as its kernel (D, 1, r, r) is large.
    y = torch.unflatten(torch.transpose(x, 1, 2), 2, [rows, -1])
    y = torch.conv2d(y, w, b, [w.size(2), w.size(3)], [0, 0], [1, 1], x.size(2))
    return torch.transpose(torch.flatten(y, 2), 1, 2)

def compress_frames(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    # Of (B, T, D) by the kernel (D, 1, r). An odd number of frames has its first one repeated in front.
    y = torch.transpose(x, 1, 2)
    r = w.size(2)
    if y.size(2) % 2 == 1:
        y = torch.cat([torch.expand(torch.narrow(y, 2, 0, 1), [-1, -1, r - 1]), y], 2)
    return torch.transpose(torch.conv1d(y, w, b, [r], [0], [1], x.size(2)), 1, 2)
