package dev.zoetrope.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

class PromptCleanerTest {
    /**
     * What the reference's code makes of a prompt, followed by hand.
     *
     * @param rule the one that the row is there for
     */
    record Row(String rule, String typed, String cleaned) {
        @Override
        public String toString() {
            return rule;
        }
    }

    static List<Row> rows() {
        return List.of(
                new Row("lower case without outer space", "  A Cat.\n", "a cat."),
                new Row("the end of a Greek word", "ΣΟΦΟΣ", "σοφος"),
                new Row("plus signs are spaces", "red+blue", "red blue"),
                new Row("percent codes are decoded", "caf%C3%A9 50%25", "café 50%"),
                new Row("what is no percent code stays", "100% cotton %zz", "100% cotton %zz"),
                new Row("<person> is a person", "<person> walks", "person walks"),
                new Row("addresses go", "see http://a.com/x_y?q=1 now", "see ?q=1 now"),
                new Row(
                        "addresses go without a scheme, up to the first ending",
                        "from news.bbc.co.uk today",
                        "from uk today"),
                new Row("of unknown domains only the scheme", "https://my.site/a", "my. site a"),
                new Row("mail is no address", "a@mail.com b", "a b"),
                new Row("markup goes, its text stays", "<b>a cat</b><br>runs", "a catruns"),
                new Row("a comparison is no markup", "3 < 5 and 6 > 4", "3 < 5 and 6 > 4"),
                new Row("an open tag is no markup", "x<y", "x<y"),
                new Row("scripts go with their text", "a<script>b</script>c", "ac"),
                new Row("entities become characters", "fish &amp; chips &lt;3", "fish chips <3"),
                new Row("of an entity's entity half", "fish &amp;amp; chips", "fish ; chips"),
                new Row("nicknames go", "by @some_one and @имя", "by and"),
                new Row("Chinese goes", "a cat 一只猫 runs", "a cat runs"),
                new Row("Japanese syllables stay", "雪が降る", "がる"),
                new Row("enclosed and squared forms go", "㈱ 5㎏ ㍿ box", "5 box"),
                new Row("dashes are hyphens", "a — b – c", "a - b - c"),
                new Row("a row of dashes is one", "a —–‒ b", "a - b"),
                new Row(
                        "double quotes are straight",
                        "a «big» “red” `car`",
                        "a \"big\" \"red\" \"car\""),
                new Row("single quotes are straight", "don’t", "don't"),
                new Row("IP addresses go", "at 192.168.1.100 home", "at home"),
                new Row("a time at the end goes with the space after it", "news 5:07 @bbc", "news"),
                new Row("a line break in letters", "one\\ntwo", "one two"),
                new Row("short numbers after # go", "cat #12 sits", "cat sits"),
                new Row("of four digits only the # goes", "cat #1234 sits", "cat 1234 sits"),
                new Row("long numbers after # go", "cat #12345 sits", "cat sits"),
                new Row("long numbers go", "order 123456 and 12345", "order and 12345"),
                new Row("file names go", "clip /home/me/a-b.mp4 plays", "clip plays"),
                new Row("rows of quotes are one", "say '''hi''' now", "say \"hi\" now"),
                new Row("rows of full stops are a space", "wait... what..", "wait what"),
                new Row(
                        "unusual punctuation is a space",
                        "(masterpiece), [best] {q}|*#",
                        "masterpiece , best q"),
                new Row("a full stop by itself goes", "a . b", "a b"),
                new Row("three joints stay", "a-b_c-d", "a-b_c-d"),
                new Row("more joints are spaces", "this-is_my-cute-cat", "this is my cute cat"),
                new Row(
                        "codes of letters and digits go",
                        "a jc6640 b jc6640vc c 6640vc231 d",
                        "a b c d"),
                new Row("mixed codes go", "x j2d1a2a y", "x y"),
                new Row(
                        "two digits after letters stay",
                        "an r2 unit and t34",
                        "an r2 unit and t34"),
                new Row("letters after digits stay", "35mm film in 4k", "35mm film in 4k"),
                new Row(
                        "advertising goes",
                        "mug worldwide free shipping, free download free",
                        "mug"),
                new Row("being asked to click goes", "cat click for more", "cat"),
                new Row("picture formats go", "png images of cats in jpg", "of cats in"),
                new Row("page numbers go", "map page 12 left", "map left"),
                new Row("sizes go", "wall 1920x1080 3.5×2 16х9 art", "wall art"),
                new Row("no space before a colon", "scene : night", "scene: night"),
                new Row(
                        "a space after commas and full stops",
                        "red,green.blue",
                        "red, green. blue"),
                new Row("none within numbers", "f1.8 and 3,5", "f1.8 and 3,5"),
                new Row("white space is single spaces", "a\t\t b\u00a0c\u2003d", "a b c d"),
                new Row("outer quotes go", "\"a cat\"", "a cat"),
                new Row("one sign at each end goes", "-a cat:", "a cat"),
                new Row("twice, since all is cleaned twice", "--a cat_:", "a cat"),
                new Row("a hidden file is nothing", ".hidden", ""),
                new Row("nothing stays nothing", "", ""));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theReferencesRulesHold(Row row) {
        assertEquals(row.cleaned(), PromptCleaner.WITHOUT_CHINESE.clean(row.typed()));
    }

    static List<Row> repairs() {
        return List.of(
                new Row("quotes read as Windows-1252", "â€œhiâ€\u009d", "hi"),
                new Row("beside an accent that is right", "café â€œhi", "café \"hi"),
                new Row("read as Latin-1", "wait\u00e2\u0080\u00a6", "wait…"),
                new Row("a picture read as Latin-1", "cat \u00f0\u009f\u0098\u0080", "cat 😀"),
                new Row("an accent before three dots is no misreading", "brontë……", "brontë……"),
                new Row("Windows-1252 read as Latin-1", "a\u0096b", "a-b"),
                new Row("ligatures are letters", "ﬁne ﬂour ĳs", "fine flour ijs"),
                new Row("wide letters are letters", "ＡＢＣ！", "abc!"),
                new Row("narrow syllables are wide", "ｶﾞ", "ガ"),
                new Row("low quotes are straight", "„hi‟ ‚there‛", "hi\" 'there"),
                new Row("line breaks are white space", "a\u2028b\r\nc", "a b c"),
                new Row("control characters go", "a\u0007b\ufeffc", "abc"),
                new Row("letters and their accents are one", "e\u0301", "é"),
                new Row("half a pair is a sign for it", "a\ud83d b", "a\ufffd b"),
                new Row("wide money is no reference to a group", "＄1", "$1"));
    }

    @ParameterizedTest
    @MethodSource("repairs")
    void textIsRepaired(Row row) {
        assertEquals(row.cleaned(), PromptCleaner.WITHOUT_CHINESE.clean(row.typed()));
    }

    @Test
    void laterModelsReadChinese() {
        assertEquals("a cat 一只猫", PromptCleaner.WITH_CHINESE.clean("A cat 一只猫㍿"));
    }
}
