# 3-D convolutions. Inputs and weights are kept channels-last, which is 3 times faster in bf16 on the CPU.

def conv3d_bias(x: Tensor, w: Tensor, b: Optional[Tensor], stride: List[int], left: List[int], right: List[int]) -> Tensor:
    # Zeros: `left` before and `right` after each of T, H, W.
    if left[0] == right[0] and left[1] == right[1] and left[2] == right[2]:
        return torch.conv3d(x, w, b, stride, left)
    padded = torch.constant_pad_nd(x, [left[2], right[2], left[1], right[1], left[0], right[0]], 0.)
    return torch.conv3d(padded, w, b, stride, [0, 0, 0])

def conv3d(x: Tensor, w: Tensor, stride: List[int], left: List[int], right: List[int]) -> Tensor:
    return self.conv3d_bias(x, w, None, stride, left, right)

def conv_transpose3d(x: Tensor, w: Tensor, b: Tensor, stride: List[int]) -> Tensor:
    # Kernel 4 and output stride * input in each of T, H, W: padding 1, and what is beyond cut at the
    # end. One plain convolution computes each of the stride's phases as channels of its own; they are
    # interleaved afterwards. The library's transposed convolution takes 3 to 5 times as long.
    # Axis of stride 2: phase 0 takes (w3, w1) of (x[i-1], x[i]), phase 1 (w2, w0) of (x[i], x[i+1]).
    # Axis of stride 1: the kernel turned round. Either way one more output than input, from 0.
    inputs = w.size(0)
    outputs = w.size(1)
    t = stride[0]
    h = stride[1]
    c = stride[2]
    turned = torch.reshape(torch.flip(w, [2, 3, 4]), [inputs, outputs, 4 // t, t, 4 // h, h, 4 // c, c])
    phases = torch.reshape(torch.permute(turned, [3, 5, 7, 1, 0, 2, 4, 6]), [t * h * c * outputs, inputs, 4 // t, 4 // h, 4 // c])
    y = torch.conv3d(x, torch.contiguous(phases, memory_format=3), b.repeat([t * h * c]), [1, 1, 1], [3 - t, 3 - h, 3 - c])
    parts: List[Tensor] = []
    for i in range(t):
        for j in range(h):
            for k in range(c):
                phase = torch.narrow(y, 1, ((i * h + j) * c + k) * outputs, outputs)
                phase = torch.narrow(torch.narrow(torch.narrow(phase, 2, i, x.size(2)), 3, j, x.size(3)), 4, k, x.size(4))
                parts.append(torch.permute(phase, [0, 2, 3, 4, 1]))
    whole = torch.reshape(torch.stack(parts), [t, h, c, x.size(0), x.size(2), x.size(3), x.size(4), outputs])
    whole = torch.reshape(torch.permute(whole, [3, 4, 0, 5, 1, 6, 2, 7]), [x.size(0), x.size(2) * t, x.size(3) * h, x.size(4) * c, outputs])
    return torch.permute(whole, [0, 4, 1, 2, 3])
