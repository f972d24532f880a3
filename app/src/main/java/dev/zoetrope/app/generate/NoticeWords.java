package dev.zoetrope.app.generate;

import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.generation.Notice;

/** What is said of something that was done otherwise than asked. */
final class NoticeWords {
    private NoticeWords() {}

    static String of(Notice notice, Messages messages) {
        return switch (notice) {
            case Notice.SizeSnapped it ->
                    messages.get(
                            "notice.size",
                            it.width(),
                            it.height(),
                            it.askedWidth(),
                            it.askedHeight(),
                            it.multiple());
            case Notice.LengthSnapped(var frames, var asked, _) ->
                    messages.get("notice.length", frames, asked);
            case Notice.FarFromTraining(var what, var asked, var trained) ->
                    messages.get(
                            "notice.far",
                            messages.phrase(what),
                            messages.phrase(asked),
                            messages.phrase(trained));
            case Notice.PromptCut(var cut, var words) -> messages.get("notice.cut", cut, words);
            case Notice.Resumed(var where) ->
                    messages.get("notice.resumed", messages.phrase(where));
            case Notice.EndedEarly(var step, var steps) ->
                    messages.get("notice.early", step, steps);
            case Notice.MemoryShort(var work, var instead) ->
                    messages.get("notice.memory", messages.phrase(work), messages.phrase(instead));
            case Notice.Ignored(var what, var why) ->
                    messages.get("notice.ignored", messages.phrase(what), messages.phrase(why));
        };
    }
}
