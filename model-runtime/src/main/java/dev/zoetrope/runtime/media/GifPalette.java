package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avfilter.AV_BUFFERSRC_FLAG_KEEP_REF;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_frame;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersrc_add_frame_flags;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_alloc;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_config;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_free;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_get_filter;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_parse2;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avfilter.AVFilterInOut;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/**
 * Finds the 256 colours that suit each picture best and draws it with them. A palette of its own
 * for every picture keeps colours truer than one for all, and needs no look at the whole clip
 * first.
 */
final class GifPalette implements PictureFilter {
    private final AVFilterGraph graph = avfilter_graph_alloc();
    private final AVFilterContext source;
    private final AVFilterContext sink;
    private final AVFrame drawn = av_frame_alloc();

    GifPalette(int width, int height, FrameRate rate) {
        String description =
                "buffer@in=width=%d:height=%d:pix_fmt=%d:time_base=%d/%d"
                                .formatted(
                                        width,
                                        height,
                                        AV_PIX_FMT_RGB24,
                                        rate.denominator(),
                                        VideoEncoder.ticksPerSecond(rate))
                        + ",split[picture][colours]"
                        + ";[colours]palettegen=stats_mode=single:reserve_transparent=0[palette]"
                        + ";[picture][palette]paletteuse=new=1:dither=bayer:bayer_scale=4"
                        + ",buffersink@out";
        AVFilterInOut openInputs = new AVFilterInOut(null);
        AVFilterInOut openOutputs = new AVFilterInOut(null);
        int error = avfilter_graph_parse2(graph, description, openInputs, openOutputs);
        if (error >= 0) {
            error = avfilter_graph_config(graph, null);
        }
        if (error < 0) {
            String reason = Ffmpeg.explain(error);
            close();
            throw new IllegalStateException(reason);
        }
        source = avfilter_graph_get_filter(graph, "buffer@in");
        sink = avfilter_graph_get_filter(graph, "buffersink@out");
    }

    @Override
    public void push(@Nullable AVFrame picture) {
        av_buffersrc_add_frame_flags(source, picture, AV_BUFFERSRC_FLAG_KEEP_REF);
    }

    @Override
    public @Nullable AVFrame pull() {
        av_frame_unref(drawn);
        return av_buffersink_get_frame(sink, drawn) < 0 ? null : drawn;
    }

    @Override
    public void close() {
        av_frame_free(drawn);
        avfilter_graph_free(graph);
    }
}
