package io.jenkins.plugins.minibuild.forge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What services read in a text, by the patterns that they document, is not in a text that went through {@link ServiceText}. */
class ServiceTextTest {
    private static final String WORD =
            "(?i)\\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?|complet(?:e[sd]?|ing)"
                    + "|关闭|修复|解决|完成):?";

    /** GitLab's is the default of its setting issue_closing_pattern; the others are the tables of their documentation. */
    private static final List<Pattern> READ = List.of(
            Pattern.compile(WORD + "\\s+(?:issues? +)?(?:[\\w.-]+/[\\w./-]+)?#\\w"),
            Pattern.compile(WORD + "\\s+https?://[\\w.-]+/\\S+"),
            Pattern.compile(WORD + "\\s+(?:[a-z][a-z0-9_]*-\\d+)"),
            Pattern.compile(WORD + "\\s+(?-i)I[0-9A-Z]*[0-9][0-9A-Z]{2,}\\b"),
            // References without a closing word, which notify those who follow them.
            Pattern.compile("(?<![\\w&])(?:[\\w.-]+/[\\w./-]+)?[#!]\\d+"),
            Pattern.compile("(?i)\\bgh-\\d+"),
            Pattern.compile("\\b[A-Z][A-Z0-9_]+-\\d+"),
            Pattern.compile("\\bAB#\\d+"),
            Pattern.compile("(?<!\\w)@\\w"),
            Pattern.compile("(?im)^\\s*/[a-z]"),
            // GitHub's and GitLab's automatic links.
            Pattern.compile("(?i)\\b(?:https?|ftp)://\\S"),
            Pattern.compile("(?i)\\bwww\\.\\w"));

    private static final Pattern HOST = Pattern.compile("(?i)\\b[a-z0-9-]+\\.(?:com|cn|net|org|io)\\b");

    private static void closesNothing(String text) {
        for (Pattern pattern : READ) {
            assertThat(ServiceText.plain(text)).as(text).doesNotContainPattern(pattern);
            assertThat(ServiceText.markdown(text)).as(text).doesNotContainPattern(pattern);
        }
        assertThat(ServiceText.markdown(text)).as(text).doesNotContainPattern(HOST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Closes https://gitlab.example.com/acme/shop/-/issues/7",
                "Fixes https://github.com/acme/shop/issues/7",
                "Fixes GH-7",
                "fixes gh-7",
                "Resolves SHOP-12",
                "resolves shop-12",
                "Closes #12",
                "Closes: #12, #13 and acme/other#9",
                "Fixes acme/other#9",
                "fix #I12ABC",
                "fix I12ABC",
                "修复 #I9XYZ2",
                "完成SHOP-12",
                "Closes !12",
                "closes group/sub/shop!12",
                "Fixes AB#1234",
                "SHOP-12 #close #time 2h",
                "Implements PROJ_A-7",
                "Closing issues #1",
                "Clo\u00adses #\u200b12",
                "Fixes\t#12",
                "x\n/close\n  /label ~bug",
                "thanks @everyone, @acme/team",
                "see www.example.com/login for how it should be",
                "(WWW.Example.com)",
                "see example.com/login or https://evil.example.com",
                "mail root@example.com",
                "ftp://example.org/x"
            })
    void nothingIsClosedCalledOrderedOrLinked(String text) {
        closesNothing(text);
    }

    @Test
    void noMixtureOfPartsIsReadEither() {
        List<String> parts = List.of(
                "Closes",
                "fixes:",
                "resolve",
                "修复",
                " ",
                " ",
                "\n",
                "#",
                "!",
                "@",
                "12",
                "I12ABC",
                "SHOP-",
                "gh-",
                "7",
                "a/b",
                "https://",
                "www.",
                "h.com",
                "/",
                ",",
                "and",
                "\u200b",
                "\u00ad",
                "<!--",
                "-->",
                "[",
                "](",
                ")",
                "\\",
                "&",
                "`",
                "x");
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = 1 + random.nextInt(8); n > 0; n--) {
                text.append(parts.get(random.nextInt(parts.size())));
            }
            closesNothing(text.toString());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Add a login page                      | Add a login page
            50% off, a != b, C++, a@b, well-known | 50% off, a != b, C++, a@b, well-known
            Closes #12                            | Closes # 12
            Fixes https://github.com/a/b/issues/7 | Fixes https:// github.com/a/b/issues/7
            Resolves SHOP-12 in UTF-8             | Resolves SHOP\u201112 in UTF\u20118
            step-2 of 3                           | step-2 of 3
            /tag v1                               | - /tag v1
            购物车 #3                              | 购物车 # 3
            """)
    void plainTextStaysReadable(String text, String expected) {
        assertThat(ServiceText.plain(text)).isEqualTo(expected.replace("\\u2011", "\u2011"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a <b> & c                   | a &lt;b&gt; &amp; c
            *x* _y_ `z` [t](u) ~~s~~ $m | \\*x\\* \\_y\\_ \\`z\\` \\[t\\]\\(u\\) \\~\\~s\\~\\~ \\$m
            1. one                      | 1\\. one
            - item                      | \\- item
            src/app.js at 12: wrong     | src/app.js at 12: wrong
            """)
    void markdownIsShownLiterally(String text, String expected) {
        assertThat(ServiceText.markdown(text)).isEqualTo(expected.replace("\\\\", "\\"));
    }
}
