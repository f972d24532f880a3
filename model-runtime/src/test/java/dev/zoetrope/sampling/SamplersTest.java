package dev.zoetrope.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.problem.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class SamplersTest {
    @Test
    void aModelsOwnFileNamesItsSamplerAndOptions() {
        Sampler sampler =
                published(
                        """
                        {"_class_name": "DPMSolverMultistepScheduler", "trained_betas": null,
                         "lambda_min_clipped": -Infinity, "timestep_spacing": "trailing",
                         "an_option_from_later": 1}\
                        """);
        assertArrayEquals(new double[] {999, 749, 499, 249}, sampler.plan(4).times());
    }

    @Test
    void aModelOfImprovedDiffusionIsSampledWithItsOwnProcessOrOneOfDiffusers() {
        SchedulerConfig config = SchedulerConfig.parse("{\"_class_name\": \"GaussianDiffusion\"}");
        assertEquals("ddpm", Samplers.defaultName(config));
        assertArrayEquals(
                new double[] {999, 666, 333, 0}, Samplers.named("ddpm", config, 1).plan(4).times());
        assertArrayEquals(
                new double[] {999, 666, 333, 0},
                Samplers.named("euler", config, 1).plan(4).times());
    }

    @Test
    void aModelIsNotSampledAlongTimesItHasNotLearned() {
        SchedulerConfig flow =
                SchedulerConfig.parse("{\"_class_name\": \"FlowMatchEulerDiscreteScheduler\"}");
        assertEquals(List.of("flow_euler"), Samplers.names(flow));
        assertThrows(ProblemException.class, () -> Samplers.named("ddim", flow, 1));
        SchedulerConfig transport = SchedulerConfig.parse("{\"_class_name\": \"SiTTransport\"}");
        assertEquals(List.of("sit_ode", "sit_sde"), Samplers.names(transport));
        assertEquals(5, Samplers.named("sit_ode", transport, 1).plan(5).times().length);
    }

    private static Sampler published(String json) {
        SchedulerConfig config = SchedulerConfig.parse(json);
        return Samplers.named(Samplers.defaultName(config), config, 1);
    }

    @Test
    void anUnknownSamplerIsAnsweredWithTheKnownOnes() {
        ProblemException e =
                assertThrows(
                        ProblemException.class,
                        () -> Samplers.named("euler_b", SchedulerConfig.defaults(), 1));
        assertTrue(e.problem().cause().contains("euler_b"));
        Samplers.names().forEach(name -> assertTrue(e.problem().remedy().contains(name), name));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ddim|{\"thresholding\": true}|thresholding",
                "ddim|{\"prediction_type\": \"flow\"}|epsilon, v_prediction, sample",
                "ddim|{\"beta_schedule\": \"sigmoid\"}|squaredcos_cap_v2",
                "ddim|{\"clip_sample\": 1}|clip_sample",
                "ddim|{\"steps_offset\": 0.5}|steps_offset",
                "dpmpp_2m|{\"algorithm_type\": \"dpmsolver\"}|algorithm_type",
                "dpmpp_2m|{\"use_lu_lambdas\": true}|use_lu_lambdas",
                "dpmpp_2m|{\"solver_order\": 4}|solver_order",
                "dpmpp_2m|{\"lambda_min_clipped\": -5.1}|lambda_min_clipped",
                "dpmpp_2m|{\"final_sigmas_type\": \"one\"}|zero, sigma_min",
                "dpmpp_2s|{\"algorithm_type\": \"dpmsolver\"}|algorithm_type",
                "deis|{\"solver_type\": \"bh2\"}|solver_type",
                "euler|{\"use_beta_sigmas\": true}|use_beta_sigmas",
                "euler|{\"timestep_type\": \"continuous\"}|timestep_type",
                "euler|{\"interpolation_type\": \"log_linear\"}|interpolation_type",
                "heun|{\"sigma_min\": \"low\"}|sigma_min",
                "ddpm|{\"variance_type\": \"learned\"}|variance_type",
                "pndm|{\"trained_betas\": \"linear\"}|trained_betas",
                "pndm|{\"num_train_timesteps\": 0}|num_train_timesteps",
                "flow_euler|{\"use_dynamic_shifting\": true}|use_dynamic_shifting",
                "flow_euler|{\"shift_terminal\": 0.1}|shift_terminal",
            })
    void anOptionThatIsNotThereIsRefusedByName(String name, String config, String named) {
        ProblemException e =
                assertThrows(
                        ProblemException.class,
                        () -> Samplers.named(name, SchedulerConfig.parse(config), 1));
        String said = e.problem().cause() + e.problem().remedy();
        assertTrue(said.contains(named), said);
    }

    @ParameterizedTest
    @CsvSource({"ddim, 0", "ddim, 1001", "euler, 0", "pndm, 3", "dpmpp_2m, 1000", "flow_euler, 0"})
    void stepsThatCannotBeTakenAreRefused(String name, int steps) {
        Sampler sampler = Samplers.named(name, SchedulerConfig.defaults(), 1);
        assertThrows(ProblemException.class, () -> sampler.plan(steps));
    }

    @Test
    void stepsThatBeginBeyondTheTrainedTimesAreRefused() {
        Sampler sampler = Samplers.named("ddim", SchedulerConfig.parse("{\"steps_offset\": 1}"), 1);
        assertEquals(999, sampler.plan(999).times()[0]);
        assertThrows(ProblemException.class, () -> sampler.plan(1000));
    }

    /** As in the reference, where a file's options may be another sampler's. */
    @Test
    void aSamplerWithoutRescalingTakesTheScheduleAsItIs() {
        SchedulerConfig rescaled = SchedulerConfig.parse("{\"rescale_betas_zero_snr\": true}");
        DiffusionSampler ddim = (DiffusionSampler) Samplers.named("ddim", rescaled, 1);
        DiffusionSampler pndm = (DiffusionSampler) Samplers.named("pndm", rescaled, 1);
        assertEquals(0, ddim.schedule().alphasCumprod().get(999));
        assertEquals(4.04e-5, pndm.schedule().alphasCumprod().get(999), 1e-7);
    }

    @Test
    void brokenJsonIsAProblem() {
        assertThrows(ProblemException.class, () -> SchedulerConfig.parse("{"));
        assertThrows(ProblemException.class, () -> SchedulerConfig.parse("[]"));
    }

    @Test
    void karrasLevelsFallFromTheHighestToTheLowestOfTheSchedule() {
        SchedulerConfig karras = SchedulerConfig.parse("{\"use_karras_sigmas\": true}");
        float[] plain = Samplers.named("euler", SchedulerConfig.defaults(), 1).plan(8).sigmas();
        float[] sigmas = Samplers.named("euler", karras, 1).plan(8).sigmas();
        assertEquals(plain[0], sigmas[0], 1e-3f);
        assertEquals(plain[7], sigmas[7], 1e-6f);
        assertEquals(0, sigmas[8]);
        for (int i = 1; i < sigmas.length; i++) {
            assertTrue(sigmas[i] < sigmas[i - 1]);
        }
    }
}
