package dev.zoetrope.sampling;

/**
 * How latents go from noise (t = 0) to a clip (t = 1): {@code x = alpha clip + sigma noise}.
 *
 * <p>Slopes are derivatives by t.
 */
public enum SitPath {
    /** Along a straight line. */
    LINEAR {
        @Override
        double alpha(double t) {
            return t;
        }

        @Override
        double sigma(double t) {
            return 1 - t;
        }

        @Override
        double alphaSlope(double t) {
            return 1;
        }

        @Override
        double sigmaSlope(double t) {
            return -1;
        }

        @Override
        double alphaSlopeRatio(double t) {
            return 1 / t;
        }
    },

    /** Along a quarter of a circle, which keeps the variance. */
    GVP {
        @Override
        double alpha(double t) {
            return Math.sin(t * Math.PI / 2);
        }

        @Override
        double sigma(double t) {
            return Math.cos(t * Math.PI / 2);
        }

        @Override
        double alphaSlope(double t) {
            return Math.PI / 2 * Math.cos(t * Math.PI / 2);
        }

        @Override
        double sigmaSlope(double t) {
            return -Math.PI / 2 * Math.sin(t * Math.PI / 2);
        }

        @Override
        double alphaSlopeRatio(double t) {
            return Math.PI / (2 * Math.tan(t * Math.PI / 2));
        }
    },

    /** As diffusion with linearly rising betas takes it, in continuous time. */
    VP {
        @Override
        double alpha(double t) {
            return Math.exp(logAlpha(t));
        }

        @Override
        double sigma(double t) {
            return Math.sqrt(1 - left(t));
        }

        @Override
        double alphaSlope(double t) {
            return alpha(t) * alphaSlopeRatio(t);
        }

        @Override
        double sigmaSlope(double t) {
            return left(t) * alphaSlopeRatio(t) / -sigma(t);
        }

        @Override
        double alphaSlopeRatio(double t) {
            return beta(t) / 2;
        }

        @Override
        double diffusion(double t) {
            return beta(t) / 2;
        }

        private double beta(double t) {
            return BETA_MIN + (1 - t) * (BETA_MAX - BETA_MIN);
        }

        private double logAlpha(double t) {
            return -(1 - t) * (1 - t) * (BETA_MAX - BETA_MIN) / 4 - (1 - t) * BETA_MIN / 2;
        }

        private float left(double t) {
            // In fp32, whose rounding shows in the reference's sigma where t is almost 1.
            return (float) Math.exp((float) (2 * logAlpha(t)));
        }
    };

    private static final double BETA_MIN = 0.1;
    private static final double BETA_MAX = 20;

    abstract double alpha(double t);

    abstract double sigma(double t);

    abstract double alphaSlope(double t);

    abstract double sigmaSlope(double t);

    /** alphaSlope / alpha, also where both are 0. */
    abstract double alphaSlopeRatio(double t);

    /** How much the score counts in the velocity. */
    double diffusion(double t) {
        return sigma(t) * (alphaSlopeRatio(t) * sigma(t) - sigmaSlope(t));
    }
}
