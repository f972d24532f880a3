# Vector quantisation with an exponential-moving-average codebook. Everything here is fp32.
# A latent of D channels is G groups of D / G, each with a code of its own from the one codebook.

def nearest_codes(z: Tensor, embeddings: Tensor) -> Tensor:
    # z (L, D / G), embeddings (K, D / G) -> (L), the first of equally near ones. In chunks, on the CPU such that
    # stay in the cache, in place, adding up |z|^2 - 2 z E + |E|^2 in the reference's order.
    codes: List[Tensor] = []
    lengths = torch.sum(torch.pow(torch.t(embeddings), 2), [0], True)
    for chunk in torch.split(z, 65536 if z.is_cuda else 256):
        distances = torch.matmul(chunk, torch.t(embeddings))
        distances.mul_(-2).add_(torch.sum(torch.pow(chunk, 2), [1], True)).add_(lengths)
        nearest, code = torch.min(distances, 1)
        codes.append(code)
    return torch.cat(codes)

def lookup(codes: Tensor, embeddings: Tensor) -> Tensor:
    # codes (B, T, H, W) or (B, G, T, H, W) -> (B, D, T, H, W)
    if codes.dim() == 4:
        codes = torch.unsqueeze(codes, 1)
    return torch.flatten(torch.permute(torch.embedding(embeddings, codes), [0, 1, 5, 2, 3, 4]), 1, 2)

def latent_rows(z: Tensor, groups: int) -> Tensor:
    # (B, D, T, H, W) -> (L, D / G), L in (B, G, T, H, W) order
    width = z.size(1) // groups
    grouped = torch.reshape(z, [z.size(0), groups, width, z.size(2), z.size(3), z.size(4)])
    return torch.reshape(torch.permute(grouped, [0, 1, 3, 4, 5, 2]), [-1, width])

def straight_through(z: Tensor, e: Tensor) -> Tensor:
    # The value of e, rounded as the reference rounds it, with the gradient of z.
    return (e - z).detach() + z

def commitment_loss(z: Tensor, e: Tensor) -> Tensor:
    return 0.25 * torch.mse_loss(z, e.detach())

def code_counts(codes: Tensor, n_codes: int) -> Tensor:
    # (K) floats, which hold whole numbers up to 16 million. The library's own count waits for the device.
    flat = torch.flatten(codes)
    zeros = torch.zeros([n_codes], dtype=6, device=codes.device)
    return torch.index_add_(zeros, 0, flat, torch.ones([flat.size(0)], dtype=6, device=codes.device))

def codes_used(codes: Tensor, n_codes: int) -> Tensor:
    return torch.sum(self.code_counts(codes, n_codes) > 0)

def perplexity(codes: Tensor, n_codes: int) -> Tensor:
    p = self.code_counts(codes, n_codes) / codes.numel()
    return torch.exp(-torch.sum(p * torch.log(p + 1e-10)))

def tile_rows(rows: Tensor, repeats: int, noise: Tensor) -> Tensor:
    # Too few latents to fill the codebook: repeat them, a little apart from each other.
    return rows.repeat([repeats, 1]) + noise * (0.01 * rows.size(1) ** -0.5)

def codebook_init(rows: Tensor, embeddings: Tensor, count: Tensor, average: Tensor) -> Tensor:
    # rows: as many latents as codes, freely chosen.
    embeddings.copy_(rows)
    average.copy_(rows)
    return count.fill_(1)

def codebook_update(rows: Tensor, codes: Tensor, candidates: Tensor, embeddings: Tensor, count: Tensor, average: Tensor, decay: float, restart_below: float, restart_count: float) -> Tensor:
    # rows (L, D / G) were given codes (L); codes used less than restart_below take the place of candidates (K, D / G),
    # their averages too if those start over with a restart_count above 0.
    n_codes = embeddings.size(0)
    flat = torch.flatten(codes)
    n = self.code_counts(flat, n_codes)
    sums = torch.index_add(torch.zeros_like(average), 0, flat, rows)
    count.mul_(decay).add_(n, alpha=1 - decay)
    average.mul_(decay).add_(sums, alpha=1 - decay)
    total = torch.sum(count)
    weights = (count + 1e-07) / (total + n_codes * 1e-07) * total
    embeddings.copy_(average / torch.unsqueeze(weights, 1))
    used = torch.to(torch.unsqueeze(count >= restart_below, 1), 6)
    embeddings.mul_(used).add_(candidates * (1 - used))
    if restart_count > 0:
        count.mul_(torch.squeeze(used, 1)).add_(restart_count * (1 - torch.squeeze(used, 1)))
        average.mul_(used).add_(restart_count * candidates * (1 - used))
    return torch.sum(1 - used)
