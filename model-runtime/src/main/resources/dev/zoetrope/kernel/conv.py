# 3-D convolutions. Inputs and weights are kept channels-last, which is 3 times faster in bf16 on the CPU.

def conv3d_bias(x: Tensor, w: Tensor, b: Optional[Tensor], stride: List[int], left: List[int], right: List[int]) -> Tensor:
    # Zeros: `left` before and `right` after each of T, H, W.
    # Where the clip is shorter than the kernel and the library adds the zeros, oneDNN's bfloat16 gradient
    # of the kernel reads memory nobody wrote.
    same = left[0] == right[0] and left[1] == right[1] and left[2] == right[2]
    if same and x.size(2) >= w.size(2):
        return torch.conv3d(x, w, b, stride, left)
    padded = torch.constant_pad_nd(x, [left[2], right[2], left[1], right[1], left[0], right[0]], 0.)
    return torch.conv3d(padded, w, b, stride, [0, 0, 0])

def conv3d(x: Tensor, w: Tensor, stride: List[int], left: List[int], right: List[int]) -> Tensor:
    return self.conv3d_bias(x, w, None, stride, left, right)

def conv_transpose3d(x: Tensor, w: Tensor, b: Tensor, stride: List[int]) -> Tensor:
    # Padding 1, and what is beyond stride * input cut at the end of an axis. Written as a plain
    # convolution whose channels are the phases of the stride this is up to twice as fast forwards, but
    # oneDNN's bfloat16 gradient of that one's kernel is wrong for some odd sizes.
    if w.size(1) <= 4 and not x.is_cuda and not x.requires_grad and not w.requires_grad:
        return self.conv_transpose3d_to_few(x, w, b, stride)
    y = torch.conv_transpose3d(x, w, b, stride, [1, 1, 1])
    for axis in range(3):
        y = torch.narrow(y, axis + 2, 0, x.size(axis + 2) * stride[axis])
    return y

def conv_transpose3d_to_few(x: Tensor, w: Tensor, b: Tensor, stride: List[int]) -> Tensor:
    # On the CPU the library computes blocks of 16 channels even for 3. One matrix product per frame for all taps
    # of the kernel, added up where they overlap, is 1.5 times faster in fp32 and 3.8 times in bf16.
    st, sh, sw = stride
    frames = x.size(2)
    height = x.size(3)
    width = x.size(4)
    last_row = sh * (height - 1) + 1
    last_column = sw * (width - 1) + 1
    out = torch.zeros([x.size(0), w.size(1), st * frames + 4, sh * height + 4, sw * width + 4], dtype=6, device=x.device)
    flat = torch.reshape(torch.permute(w, [1, 2, 3, 4, 0]), [-1, w.size(0)])
    for clip in range(x.size(0)):
        for t in range(frames):
            taps = torch.matmul(flat, torch.reshape(x[clip, :, t], [w.size(0), -1]))
            taps = torch.reshape(taps, [w.size(1), 4, 4, 4, height, width])
            for a in range(4):
                frame = out[clip, :, st * t + a]
                for i in range(4):
                    rows = torch.slice(frame, 1, i, i + last_row, sh)
                    for j in range(4):
                        torch.slice(rows, 2, j, j + last_column, sw).add_(taps[:, a, i, j])
    y = torch.narrow(torch.narrow(torch.narrow(out, 2, 1, st * frames), 3, 1, sh * height), 4, 1, sw * width)
    return torch.to(y + torch.reshape(b, [1, -1, 1, 1, 1]), x.dtype)
