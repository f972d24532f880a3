package dev.zoetrope.sampling;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * How a configuration spaces the noise levels of a run: as the schedule has them at its times, or
 * as Karras et al. 2022 do.
 *
 * @param lowest of Karras' levels, where the configuration says
 * @param highest of Karras' levels, where the configuration says
 */
record LevelSpacing(boolean karras, OptionalDouble lowest, OptionalDouble highest) {

    static LevelSpacing of(SchedulerConfig c) {
        c.mustBeOff("use_exponential_sigmas", "use_beta_sigmas", "use_flow_sigmas");
        return new LevelSpacing(
                c.flag("use_karras_sigmas", false), c.number("sigma_min"), c.number("sigma_max"));
    }

    /** For solvers of fractional times; Karras' levels lie between those of the times. */
    NoiseLevels levels(double[] times, NoiseSchedule schedule, float last) {
        NoiseLevels levels = NoiseLevels.at(times, schedule, last);
        if (!karras) {
            return levels;
        }
        int n = times.length;
        double low = lowest.orElse(levels.sigmas()[n - 1]);
        double high = highest.orElse(levels.sigmas()[0]);
        return NoiseLevels.karras(n, schedule, last, low, high);
    }

    /** For solvers of whole times; Karras' levels go over all of the schedule. */
    NoiseLevels levelsAtWholeTimes(double[] times, NoiseSchedule schedule, float last) {
        if (!karras) {
            return NoiseLevels.at(times, schedule, last);
        }
        float[] all = schedule.sigmas();
        int n = times.length;
        NoiseLevels levels = NoiseLevels.karras(n, schedule, last, all[0], all[all.length - 1]);
        double[] whole = Arrays.stream(levels.times()).map(Math::rint).toArray();
        return new NoiseLevels(whole, levels.sigmas());
    }
}
