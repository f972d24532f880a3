# Frames of clips before a model sees them: their size, and which of them are given.

def scale_frames(x: Tensor, height: int, width: int) -> Tensor:
    # (..., C, H, W) -> (..., C, height, width), bilinearly and without aliasing. Corners are aligned
    # because the reference aligns them, although what is seen then drifts towards the far edges.
    y = torch._upsample_bilinear2d_aa(torch.unsqueeze(torch.flatten(x, 0, -3), 0), [height, width], True)
    return torch.reshape(y, x.size()[:-2] + [height, width])

def sample_frames(x: Tensor, height: int, width: int) -> Tensor:
    # As above, but each pixel from the four nearest ones alone.
    return self.sample_axis(self.sample_axis(x, x.dim() - 1, width), x.dim() - 2, height)

def sample_axis(x: Tensor, axis: int, size: int) -> Tensor:
    # The reference's torch finds the two nearest in float64, by a scale in float32. The one at hand uses
    # float32 for both, which is off by more than 1e-6 from 40 pixels on.
    length = x.size(axis)
    scale = torch.to(torch.tensor([length / size], dtype=6, device=x.device), 7)
    place = torch.clamp((torch.arange(size, dtype=7, device=x.device) + 0.5) * scale - 0.5, 0)
    first = torch.to(place, 4)
    part = torch.to(place - first, 6)
    if axis < x.dim() - 1:
        part = torch.unsqueeze(part, 1)
    near = torch.index_select(x, axis, first)
    far = torch.index_select(x, axis, torch.clamp(first + 1, 0, length - 1))
    return near * (1 - part) + far * part

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
