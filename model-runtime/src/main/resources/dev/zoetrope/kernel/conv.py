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
    # Padding 1, and what is beyond stride * input cut at the end of an axis. Written as a plain
    # convolution whose channels are the phases of the stride this is up to twice as fast forwards, but
    # oneDNN's bfloat16 gradient of that one's kernel is wrong for some odd sizes.
    y = torch.conv_transpose3d(x, w, b, stride, [1, 1, 1])
    for axis in range(3):
        y = torch.narrow(y, axis + 2, 0, x.size(axis + 2) * stride[axis])
    return y
