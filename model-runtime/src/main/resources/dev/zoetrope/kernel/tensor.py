# Conversions, mapped files and copies. Scalar types travel as torch's own numbers: a data type that
# crosses the JNI border as an enum aborts the process when it is bfloat16.

def cast(x: Tensor, dtype: int) -> Tensor:
    return torch.to(x, dtype)

def scalar_type(x: Tensor) -> int:
    return x.dtype

def on_device(x: Tensor, device: str) -> Tensor:
    return torch.to(x, torch.device(device), x.dtype)

def map_file(path: str, bytes: int) -> Tensor:
    return torch.from_file(path, False, bytes, dtype=0)

def view_of_file(file: Tensor, dtype: int, offset: int, shape: List[int], stride: List[int], device: str) -> Tensor:
    # offset counts elements of dtype; nothing is copied but to another device.
    return self.on_device(torch.set_(torch.empty([0], dtype=dtype), file, offset, shape, stride), device)

def copy_of_file(file: Tensor, dtype: int, offset: int, bytes: int, shape: List[int], stride: List[int], device: str) -> Tensor:
    # For tensors that do not lie on a multiple of their element size; offset counts bytes.
    part = torch.clone(torch.narrow(file, 0, offset, bytes))
    return self.on_device(torch.set_(torch.empty([0], dtype=dtype), part, 0, shape, stride), device)

def channels_last(x: Tensor) -> Tensor:
    return torch.contiguous(x, memory_format=3)

def contiguous(x: Tensor) -> Tensor:
    return torch.contiguous(x)

def clone(x: Tensor) -> Tensor:
    return torch.clone(torch.detach(x))

def assign(x: Tensor, y: Tensor) -> Tensor:
    return torch.copy_(x, y)

def increment(x: Tensor) -> Tensor:
    return torch.add_(x, 1)

def take(x: Tensor, axis: int, indices: Tensor) -> Tensor:
    return torch.index_select(x, axis, indices)

def add(x: Tensor, y: Tensor) -> Tensor:
    return torch.add(x, y)

def clamp(x: Tensor, low: float, high: float) -> Tensor:
    return torch.clamp(x, low, high)

def relu(x: Tensor) -> Tensor:
    # In place: callers own the buffer they pass.
    return torch.relu_(x)

def narrow(x: Tensor, axis: int, start: int, length: int) -> Tensor:
    return torch.narrow(x, axis, start, length)

def concat(x: List[Tensor], axis: int) -> Tensor:
    return torch.cat(x, axis)

def pixels_from_bytes(rgb: Tensor, scale: float, shift: float) -> Tensor:
    # (T, H, W, 3) or (B, T, H, W, 3) bytes -> (B, 3, T, H, W) floats, channels-last in memory.
    x = torch.to(rgb, 6)
    if x.dim() == 4:
        x = torch.unsqueeze(x, 0)
    return torch.permute(torch.add_(torch.mul_(x, scale), shift), [0, 4, 1, 2, 3])

def bytes_from_pixels(x: Tensor, low: float, high: float) -> Tensor:
    # (1, 3, T, H, W) floats -> (T, H, W, 3) bytes, clamped to [low, high] and rounded.
    return torch.contiguous(torch.to(torch.add(self.levels(x, low, high), 0.5), 0))

def truncated_bytes_from_pixels(x: Tensor, low: float, high: float) -> Tensor:
    return torch.contiguous(torch.to(self.levels(x, low, high), 0))

def levels(x: Tensor, low: float, high: float) -> Tensor:
    # (1, 3, T, H, W) -> (T, H, W, 3), 0 to 255
    y = torch.clamp(torch.to(torch.permute(x[0], [1, 2, 3, 0]), 6), low, high)
    return torch.mul(torch.sub(y, low), 255. / (high - low))

def pad_edge(x: Tensor, t: int, h: int, w: int) -> Tensor:
    # Repeats the last frame, row and column of (B, C, T, H, W).
    if t + h + w == 0:
        return x
    return torch.replication_pad3d(x, [0, w, 0, h, 0, t])

def cross_fade(x: Tensor, before: Tensor) -> Tensor:
    # Fades the first frames of x (B, C, T, H, W) in over those of `before`, in place.
    # The weight eases in and out (3 t^2 - 2 t^3), so that a window's outermost frames count for little.
    n = before.size(2)
    t = torch.reshape(torch.arange(1, n + 1, dtype=x.dtype, device=x.device) / (n + 1), [1, 1, n, 1, 1])
    weight = t * t * (3 - 2 * t)
    start = torch.narrow(x, 2, 0, n)
    return start.mul_(weight).add_(before * (1 - weight))
