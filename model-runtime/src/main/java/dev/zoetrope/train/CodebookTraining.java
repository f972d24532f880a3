package dev.zoetrope.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;

/**
 * How a VideoGPT codebook learns: by moving averages instead of gradients. It starts from latents
 * of the first batch; afterwards each code moves towards the mean of the latents that chose it, and
 * a code that hardly any latent chooses {@link Restarts restarts} at a random latent.
 *
 * <p>Ported from {@code Codebook} in wilson1yan/VideoGPT 733d2b15, {@code videogpt/vqvae.py}.
 */
final class CodebookTraining {
    private static final double DECAY = 0.99;

    private final Kernels k = Kernels.inference();
    private final NDArray embeddings;
    private final NDArray count;
    private final NDArray average;
    private final Restarts restarts;

    CodebookTraining(Parameters p, Restarts restarts) {
        this.embeddings = p.get("codebook.embeddings");
        this.count = p.get("codebook.N");
        this.average = p.get("codebook.z_avg");
        this.restarts = restarts;
    }

    /** Sets all codes to random latents of {@code rows} (L, D / G). */
    void start(NDArray rows, CodebookDraws draws) {
        k.codebookInit(candidates(rows, draws), embeddings, count, average);
    }

    /**
     * Learns from latents {@code rows} (L, D / G) that were given {@code codes} (L).
     *
     * @return how many codes were restarted, a scalar
     */
    NDArray update(NDArray rows, NDArray codes, CodebookDraws draws) {
        NDArray candidates = candidates(rows, draws);
        return k.codebookUpdate(
                rows,
                codes,
                candidates,
                embeddings,
                count,
                average,
                DECAY,
                restarts.below(),
                restarts.count());
    }

    /** As many random latents as there are codes. */
    private NDArray candidates(NDArray rows, CodebookDraws draws) {
        int latents = (int) rows.getShape().get(0);
        int width = (int) rows.getShape().get(1);
        int codes = (int) embeddings.getShape().get(0);
        NDArray pool = rows;
        if (latents < codes) {
            int repeats = (codes + latents - 1) / latents;
            Shape shape = new Shape((long) latents * repeats, width);
            float[] noise = draws.noise(latents * repeats * width);
            pool = k.tileRows(rows, repeats, rows.getManager().create(noise, shape));
        }
        long[] chosen = draws.rows((int) pool.getShape().get(0), codes);
        return k.take(pool, 0, rows.getManager().create(chosen));
    }
}
