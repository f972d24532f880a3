# Noise, and the losses and steps of diffusion. Everything here is fp32.

def generator(seed: int) -> Generator:
    return torch.Generator(seed=seed)

def normal(generator: Generator, shape: List[int], device: str) -> Tensor:
    return self.on_device(torch.randn(shape, generator=generator), device)

def mix(x: Tensor, a: float, y: Tensor, b: float) -> Tensor:
    return torch.add(torch.mul(x, a), y, alpha=b)

def mix_per_clip(x: Tensor, a: Tensor, y: Tensor, b: Tensor) -> Tensor:
    # a and b are (B), or (1) for all clips
    return x * self.per_clip(a, x) + y * self.per_clip(b, y)

def rescale_channels(x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    # (B, C, T, H, W) of any type times scale (C) plus shift (C), fp32
    a = torch.reshape(scale, [1, -1, 1, 1, 1])
    return torch.addcmul(torch.reshape(shift, [1, -1, 1, 1, 1]), torch.to(x, 6), a)

def euler_step(x: Tensor, x0: Tensor, sigma: float, dt: float) -> Tensor:
    # Not by `mix`: from sigmas in the thousands, the order of rounding shows in the result.
    return x + (x - x0) / sigma * dt

def learned_log_variance(v: Tensor, low: Tensor, high: Tensor) -> Tensor:
    # v in [-1, 1] says where between the two bounds the logarithm of the variance lies.
    fraction = (v + 1) / 2
    return fraction * self.per_clip(high, v) + (1 - fraction) * self.per_clip(low, v)

def add_noise_of_log_variance(mean: Tensor, log_variance: Tensor, noise: Tensor) -> Tensor:
    return mean + torch.exp(0.5 * log_variance) * noise

def mean_per_clip(x: Tensor) -> Tensor:
    return torch.mean(torch.flatten(x, 1), [1])

def squared_error(x: Tensor, y: Tensor, mask: Tensor) -> Tensor:
    # (B). What is masked counts as zero in a mean over everything, as the reference has it.
    return self.mean_per_clip(torch.pow(x - y, 2) * mask)

def variational_bound(x0: Tensor, posterior_mean: Tensor, posterior_log_variance: Tensor, mean: Tensor, log_variance: Tensor, first: Tensor, mask: Tensor) -> Tensor:
    # (B), bits per element: the divergence from the posterior, and where `first` is not 0 the
    # likelihood of x0 itself.
    posterior = self.per_clip(posterior_log_variance, x0)
    divergence = 0.5 * (-1 + log_variance - posterior + torch.exp(posterior - log_variance) + torch.pow(posterior_mean - mean, 2) * torch.exp(-log_variance))
    likelihood = self.byte_log_likelihood(x0, mean, 0.5 * log_variance)
    bits = torch.where(self.per_clip(first, x0) != 0, -likelihood, divergence)
    return self.mean_per_clip(bits * mask) / 0.6931471805599453

def byte_log_likelihood(x: Tensor, mean: Tensor, log_scale: Tensor) -> Tensor:
    # Of the byte that x in [-1, 1] stands for, under a normal distribution; the outermost bytes
    # take the tails.
    centered = x - mean
    inverse = torch.exp(-log_scale)
    below_upper = self.normal_cdf(inverse * (centered + 1. / 255.))
    below_lower = self.normal_cdf(inverse * (centered - 1. / 255.))
    black = torch.log(torch.clamp(below_upper, 1e-12))
    white = torch.log(torch.clamp(1. - below_lower, 1e-12))
    between = torch.log(torch.clamp(below_upper - below_lower, 1e-12))
    return torch.where(x < -0.999, black, torch.where(x > 0.999, white, between))

def normal_cdf(x: Tensor) -> Tensor:
    return 0.5 * (1. + torch.tanh(0.7978845608028654 * (x + 0.044715 * torch.pow(x, 3))))

def scaled_rms(x: Tensor, y: Tensor, z: Tensor, atol: float, rtol: float) -> Tensor:
    # The root mean square of x in units of what may be lost between y and z.
    tolerance = atol + rtol * torch.maximum(torch.abs(y), torch.abs(z))
    return torch.sqrt(torch.mean(torch.pow(x / tolerance, 2)))
