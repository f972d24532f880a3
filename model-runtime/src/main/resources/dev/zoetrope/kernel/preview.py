# Latents as colours, by one linear map from the channels of a cell: good enough to watch.

def soft_colours(noise: Tensor, frames: int, height: int, width: int) -> Tensor:
    # Standard normal (1, 3, t, h, w) -> bytes (T, H, W, 3) of colours that run into each other.
    rgb = torch.sigmoid(1.5 * torch.upsample_trilinear3d(noise, [frames, height, width], False))
    return torch.contiguous(torch.to(torch.permute(rgb[0], [1, 2, 3, 0]) * 255 + 0.5, 0))

def fit_rgb(latents: Tensor, pixels: Tensor) -> Tensor:
    # Latents (B, C, t, h, w) and what they were decoded to, (B, 3, T, H, W) in [0, 1] -> (C + 1, 3), the
    # last row a constant. Least squares, with a little ridge for channels that always say the same.
    rgb = torch.adaptive_avg_pool3d(pixels, [latents.size(2), latents.size(3), latents.size(4)])
    x = self.with_constant(latents)
    y = torch.to(torch.flatten(torch.movedim(rgb, 1, 4), 0, 3), 7)
    gram = torch.matmul(torch.t(x), x)
    ridge = torch.eye(gram.size(0), dtype=7, device=gram.device) * (torch.mean(torch.diagonal(gram)) * 1e-06)
    return torch.to(torch.linalg_solve(gram + ridge, torch.matmul(torch.t(x), y)), 6)

def latents_as_rgb(latents: Tensor, map: Tensor) -> Tensor:
    # (1, C, t, h, w) -> bytes (t, h, w, 3). Channels stay where they are: moving them costs more than the product.
    channels = latents.size(1)
    weights = torch.t(torch.narrow(map, 0, 0, channels))
    constant = torch.unsqueeze(map[channels], 1)
    rgb = torch.addmm(constant, weights, torch.reshape(latents, [channels, -1]))
    bytes = torch.to(torch.clamp(rgb, 0, 1) * 255 + 0.5, 0)
    return torch.reshape(torch.contiguous(torch.t(bytes)), [latents.size(2), latents.size(3), latents.size(4), 3])

def with_constant(latents: Tensor) -> Tensor:
    # (B, C, t, h, w) -> (B t h w, C + 1), the last column 1.
    x = torch.to(torch.flatten(torch.movedim(latents, 1, 4), 0, 3), 7)
    return torch.constant_pad_nd(x, [0, 1], 1.)
