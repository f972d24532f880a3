# Frames of clips before a model sees them: their size, and which of them are given.

def scale_frames(x: Tensor, height: int, width: int) -> Tensor:
    # (..., C, H, W) -> (..., C, height, width), bilinearly and without aliasing. Corners are aligned
    # because the reference aligns them, although what is seen then drifts towards the far edges.
    y = torch._upsample_bilinear2d_aa(torch.unsqueeze(torch.flatten(x, 0, -3), 0), [height, width], True)
    return torch.reshape(y, x.size()[:-2] + [height, width])

def sample_frames(x: Tensor, height: int, width: int) -> Tensor:
    # As above, but each pixel from the four nearest ones alone. The reference's torch counts where those
    # are in float64, of a scale in float32; in float32 the result would be off by 1e-6 in 40 pixels.
    down, across = torch.unbind(torch.to(torch.to(torch.tensor([x.size(-2) / height, x.size(-1) / width]), 6), 7))
    frames = torch.to(torch.unsqueeze(torch.flatten(x, 0, -3), 0), 7)
    y = torch.upsample_bilinear2d(frames, [height, width], False, float(1 / down), float(1 / across))
    return torch.to(torch.reshape(y, x.size()[:-2] + [height, width]), 6)

def keep_given(x: Tensor, mask: Tensor) -> Tensor:
    # Zeros where the mask says 1, to be generated.
    return x * torch.lt(mask, 0.5)

def compress_mask(mask: Tensor, frames: int, size: int) -> Tensor:
    # (B, 1, T, H, W) -> (B, frames, T', H / size, W / size): what codecs make one latent frame becomes its
    # channels. Where the first frame has a latent frame to itself it is all channels of that.
    y = self.sample_frames(mask, mask.size(3) // size, mask.size(4) // size)
    if y.size(2) % 2 == 1:
        first = torch.narrow(y, 2, 0, 1)
        y = torch.cat([torch.expand(first, [-1, -1, frames - 1, -1, -1]), y], 2)
    y = torch.reshape(y, [y.size(0), -1, frames, y.size(3), y.size(4)])
    return torch.contiguous(torch.transpose(y, 1, 2))
