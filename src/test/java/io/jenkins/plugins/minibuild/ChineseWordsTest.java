package io.jenkins.plugins.minibuild;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Chinese pages have one word for one thing, and Chinese punctuation. */
class ChineseWordsTest {
    /** A word, and what is said instead. */
    private static final Map<Pattern, String> WORDS = Map.of(
            // A proxy is a \u4ee3\u7406; an agent is not.
            Pattern.compile("\u4ee3\u7406(\u8282\u70b9|\u4e0a|\u65ad\u5f00|\u6062\u590d|\u7684\u78c1\u76d8)"),
            "\u8282\u70b9",
            Pattern.compile("\u69fd\u4f4d"),
            "\u540d\u989d",
            Pattern.compile("\u79d8\u5bc6\u6587\u672c|(?<!Secret text\uff08)\u673a\u5bc6\u6587\u672c"),
            "Secret text\uff08\u673a\u5bc6\u6587\u672c\uff09",
            Pattern.compile("\u5de5\u4f5c\u533a"),
            "\u5de5\u4f5c\u7a7a\u95f4",
            Pattern.compile("\u6784\u4ef6"),
            "\u6784\u5efa\u4ea7\u7269");

    private static final Pattern HALF_WIDTH =
            Pattern.compile("[\u4e00-\u9fff][,;]|[\u4e00-\u9fff]:(?!//)|\\([\u4e00-\u9fff]|[\u4e00-\u9fff]\\)");

    /** The texts of a file of the user interface, without tags and names of messages. */
    private static List<String> texts(Path file) throws IOException {
        if (file.toString().endsWith(".html")) {
            return List.of(Files.readString(file).replaceAll("<code>[^<]*</code>|<[^>]*>", " "));
        }
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            properties.load(in);
        }
        return properties.values().stream().map(String::valueOf).toList();
    }

    static List<String> wrong(String text) {
        List<String> wrong = new ArrayList<>();
        WORDS.forEach((word, instead) -> {
            if (word.matcher(text).find()) {
                wrong.add(text + ": say " + instead);
            }
        });
        if (HALF_WIDTH.matcher(text).find()) {
            wrong.add(text + ": has punctuation of half width");
        }
        return wrong;
    }

    @Test
    void theUserInterfaceKeepsToThem() throws IOException {
        List<String> wrong = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/resources"))) {
            for (Path file : files.filter(each -> each.getFileName().toString().contains("_zh_CN"))
                    .toList()) {
                for (String text : texts(file)) {
                    wrong(text).forEach(each -> wrong.add(file.getFileName() + ": " + each));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "\u4ee3\u7406\u4e0a\u6ca1\u6709 git,1",
        "\u901a\u8fc7\u4ee3\u7406 {0},0",
        "\u4fdd\u5b58\u4e3a\u6784\u4ef6\uff08{0}\uff09,1",
        "\u6784\u5efa\u7ee7\u7eed;\u5176\u4f59,1",
        "\u5730\u5740(Secret text),0",
        "\u9009\u62e9\u673a\u5bc6\u6587\u672c,1",
        "\u9009\u62e9 Secret text\uff08\u673a\u5bc6\u6587\u672c\uff09,0"
    })
    void whatIsWrongIsFound(String text, int count) {
        assertThat(wrong(text)).hasSize(count);
    }
}
