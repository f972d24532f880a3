# Attention that never builds an N x N matrix of the whole input.

def axial_attention(x: Tensor, wq: Tensor, wk: Tensor, wv: Tensor, w: Tensor, b: Tensor, axis: int, heads: int) -> Tensor:
    # Softmax attention along one of T (2), H (3), W (4) of x (B, C, T, H, W), all other axes as batch.
    y = torch.movedim(torch.permute(x, [0, 2, 3, 4, 1]), axis - 1, 3)
    shape = y.size()
    length = shape[3]
    channels = shape[4]
    y = torch.reshape(y, [-1, length, channels])
    qkv = torch.reshape(torch.linear(y, torch.cat([wq, wk, wv])), [-1, length, 3, heads, channels // heads])
    q, k, v = torch.unbind(torch.permute(qkv, [2, 0, 3, 1, 4]))
    if length <= 8 or y.requires_grad:
        # Rows this short, and gradients on the CPU, are 3 to 5 times slower in the fused attention.
        weights = torch.softmax(torch.matmul(q * (q.size(-1) ** -0.5), torch.transpose(k, -1, -2)), -1)
        y = torch.matmul(weights, v)
    else:
        y = torch.scaled_dot_product_attention(q, k, v)
    y = torch.linear(torch.reshape(torch.transpose(y, 1, 2), [-1, length, channels]), w, b)
    return torch.permute(torch.movedim(torch.reshape(y, shape), 3, axis - 1), [0, 4, 1, 2, 3])
