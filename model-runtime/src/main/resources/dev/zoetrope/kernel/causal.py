# What causal video codecs are made of: convolutions that see no later frame, and resampling that leaves
# the first frame to itself. Everything here is (B, C, T, H, W), channels-last in memory.

def with_first_frames(x: Tensor, frames: int) -> Tensor:
    # The first frame that many more times in front.
    y = torch.empty([x.size(0), x.size(1), frames + x.size(2), x.size(3), x.size(4)], dtype=x.dtype, device=x.device, memory_format=3)
    torch.narrow(y, 2, 0, frames).copy_(torch.narrow(x, 2, 0, 1))
    torch.narrow(y, 2, frames, x.size(2)).copy_(x)
    return y

def causal_conv3d(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    # To the same size.
    if w.size(2) > 1:
        x = self.with_first_frames(x, w.size(2) - 1)
    return torch.conv3d(x, w, b, [1, 1, 1], [0, w.size(3) // 2, w.size(4) // 2])

def halving_causal_conv3d(x: Tensor, w: Tensor, b: Tensor, time_stride: int) -> Tensor:
    # Rows and columns halved; the one zero goes behind them.
    if w.size(2) > 1:
        x = self.with_first_frames(x, w.size(2) - 1)
    return self.conv3d_bias(x, w, b, [time_stride, 2, 2], [0, 0, 0], [0, 1, 1])

def group_norm(x: Tensor, w: Tensor, b: Tensor, per_frame: bool) -> Tensor:
    # 32 groups of channels, statistics over a frame or over the whole clip.
    if not per_frame:
        return torch.group_norm(x, 32, w, b, 1e-06)
    frames = torch.flatten(torch.transpose(x, 1, 2), 0, 1)
    y = torch.group_norm(frames, 32, w, b, 1e-06)
    return torch.transpose(torch.unflatten(y, 0, [x.size(0), x.size(2)]), 1, 2)

def norm_silu_conv(x: Tensor, norm_w: Tensor, norm_b: Tensor, w: Tensor, b: Tensor, per_frame: bool) -> Tensor:
    # One kernel, so that nothing between norm and convolution outlives it.
    return self.causal_conv3d(torch.silu_(self.group_norm(x, norm_w, norm_b, per_frame)), w, b)

def add_to(x: Tensor, y: Tensor) -> Tensor:
    return torch.add_(x, y)

def frame_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    # One head, each frame by itself.
    y = torch.scaled_dot_product_attention(self.frame_rows(q), self.frame_rows(k), self.frame_rows(v))
    return torch.permute(torch.reshape(y, [q.size(0), q.size(2), q.size(3), q.size(4), q.size(1)]), [0, 4, 1, 2, 3])

def frame_rows(x: Tensor) -> Tensor:
    # (B, C, T, H, W) -> (B T, 1, H W, C)
    return torch.reshape(torch.permute(x, [0, 2, 3, 4, 1]), [x.size(0) * x.size(2), 1, -1, x.size(1)])

def mixed_frame_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    # As the first release computes it, whose weights have learned to live with it: what follows in memory
    # is taken for (B T, C, H W) although it is (B, C, T, H W), so that channels and frames change places.
    y = torch.scaled_dot_product_attention(self.mixed_rows(q), self.mixed_rows(k), self.mixed_rows(v))
    return torch.reshape(torch.transpose(y, 2, 3), q.size())

def mixed_rows(x: Tensor) -> Tensor:
    y = torch.reshape(torch.contiguous(x), [x.size(0) * x.size(2), 1, x.size(1), -1])
    return torch.contiguous(torch.transpose(y, 2, 3))

def pool_frames(x: Tensor) -> Tensor:
    # Means of three frames, every second one; torch has them in fp32 alone. The first mean is of the first
    # frame and the two like it in front.
    pairs = (x.size(2) - 1) // 2
    y = torch.clone(torch.slice(x, 2, 0, 2 * pairs + 1, 2))
    even = torch.slice(x, 2, 0, 2 * pairs, 2)
    odd = torch.slice(x, 2, 1, 2 * pairs, 2)
    torch.narrow(y, 2, 1, pairs).add_(odd).add_(even).mul_(1. / 3)
    return y

def pool_frames_mixed(x: Tensor, factor: Tensor, w: Tensor, b: Tensor) -> Tensor:
    # The same with the result of a convolution of the same stride.
    share = torch.sigmoid(factor)
    y = torch.conv3d(self.with_first_frames(x, 2), w, b, [2, 1, 1], [0, 1, 1])
    return y.mul_(1 - share).add_(self.pool_frames(x).mul_(share))

def upsample_linear(x: Tensor, time: int, space: int) -> Tensor:
    # All frames but the first in time.
    height = x.size(3) * space
    width = x.size(4) * space
    first = torch.narrow(x, 2, 0, 1)
    if space > 1:
        first = torch.upsample_trilinear3d(first, [1, height, width], False)
    if x.size(2) == 1:
        return first
    rest = torch.narrow(x, 2, 1, x.size(2) - 1)
    return torch.cat([first, torch.upsample_trilinear3d(rest, [rest.size(2) * time, height, width], False)], 2)

def upsample_nearest(x: Tensor) -> Tensor:
    # Rows and columns doubled.
    return torch.upsample_nearest3d(x, [x.size(2), 2 * x.size(3), 2 * x.size(4)])

def mix_with_conv(x: Tensor, factor: Tensor, w: Tensor, b: Tensor) -> Tensor:
    share = torch.sigmoid(factor)
    return self.causal_conv3d(x, w, b).mul_(1 - share).add_(x * share)

def blend(x: Tensor, before: Tensor, axis: int, extent: int) -> Tensor:
    # Fades the start of x along an axis in over the end of its neighbour, in place.
    n = min(extent, min(x.size(axis), before.size(axis)))
    shape = [1, 1, 1, 1, 1]
    shape[axis] = n
    weight = torch.reshape(torch.arange(n, dtype=x.dtype, device=x.device) / n, shape)
    end = torch.narrow(before, axis, before.size(axis) - n, n)
    return torch.narrow(x, axis, 0, n).mul_(weight).add_(end * (1 - weight))
