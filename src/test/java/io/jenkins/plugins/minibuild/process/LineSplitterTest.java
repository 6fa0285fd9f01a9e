package io.jenkins.plugins.minibuild.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
    private static List<String> split(byte[] bytes, int size, int longest) {
        List<String> lines = new ArrayList<>();
        try (LineSplitter splitter = new LineSplitter(lines::add, longest)) {
            for (int at = 0; at < bytes.length; at += size) {
                splitter.write(bytes, at, Math.min(size, bytes.length - at));
            }
        }
        return lines;
    }

    private static List<String> split(String text) {
        return split(text.getBytes(StandardCharsets.UTF_8), 1000, 1000);
    }

    @Test
    void endsALineAtEachKindOfBreak() {
        assertThat(split("a\nb\r\nc\rd")).containsExactly("a", "b", "c", "d");
        assertThat(split("\n\r\n\r\r")).containsExactly("", "", "", "");
        assertThat(split("")).isEmpty();
    }

    @Test
    void cutsALongLineAndSaysHowMuchIsMissing() {
        assertThat(split("abcdefgh\nx".getBytes(StandardCharsets.UTF_8), 3, 5))
                .containsExactly("abcde … [3 more bytes]", "x");
    }

    @Property(tries = 500)
    void doesNotDependOnHowTheBytesCome(@ForAll byte[] bytes, @ForAll @IntRange(min = 1, max = 7) int size) {
        byte[] withBreaks = bytes.clone();
        for (int i = 0; i < withBreaks.length; i++) {
            if (withBreaks[i] % 5 == 0) {
                withBreaks[i] = (byte) (withBreaks[i] % 2 == 0 ? '\n' : '\r');
            }
        }
        assertThat(split(withBreaks, size, 1000)).isEqualTo(split(withBreaks, withBreaks.length + 1, 1000));
        assertThat(String.join("", split(withBreaks, size, 100_000)))
                .isEqualTo(String.join(
                        "",
                        Arrays.asList(new String(withBreaks, StandardCharsets.ISO_8859_1).split("\r\n|\r|\n")).stream()
                                .map(s -> new String(s.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                                .toList()));
    }
}
