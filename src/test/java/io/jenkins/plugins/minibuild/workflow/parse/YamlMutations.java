package io.jenkins.plugins.minibuild.workflow.parse;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Changes the examples of workflows at random, as people, merges and attackers do. The same seed makes the same text. */
final class YamlMutations {
    private static final List<String> TOKENS = List.of(
            ":",
            ": ",
            "- ",
            "? ",
            "|",
            ">",
            "|2-",
            "#",
            "&a ",
            "*a",
            "<<: *a",
            "<<: [*a, *a]",
            "!!int ",
            "!x ",
            "!",
            "%",
            "---\n",
            "...\n",
            "\t",
            "\r",
            "\u0000",
            "\u0085",
            "\u2028",
            "\ufeff",
            "\ud83d",
            "'",
            "\"",
            "\\",
            "{",
            "}",
            "[",
            "]",
            ",",
            "\n",
            "  ",
            "~",
            "null",
            "true",
            "yes",
            "0",
            "-1",
            "1e9",
            "0x10",
            "1:30",
            "2024-01-01",
            "999999999999999999999",
            ".inf",
            "名",
            "${jobs.a.outputs.b}",
            "${matrix.node}",
            "${variables.x",
            "${credentials.a.password}",
            "$${matrix.x}",
            "${{ x }}",
            "when: ",
            "needs: ",
            "matrix: ",
            "retry: ",
            "steps: ",
            "jobs:\n",
            "stages:\n",
            "environment: ",
            "cache: ",
            "with: ",
            "uses: ",
            "plugin: ",
            "language: ",
            "service: ",
            "timeout: 1h",
            "include: ",
            "branch == 'a' and not failure()",
            "branch matches '(a|b)*{2}'",
            "changed('**')",
            "((((((((",
            "not not ",
            "in [");

    private final List<String> examples;
    private final Random random;

    YamlMutations(List<String> examples, Random random) {
        this.examples = examples;
        this.random = random;
    }

    /** One of the examples with one change or more. */
    String next() {
        String text = pick(examples);
        do {
            text = changed(text);
        } while (random.nextInt(3) == 0);
        return text;
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private int place(String text) {
        return random.nextInt(text.length() + 1);
    }

    private String changed(String text) {
        int at = place(text);
        return switch (random.nextInt(14)) {
            case 0 -> bytesFlipped(text);
            case 1 -> text.substring(0, at) + text.substring(Math.min(text.length(), at + 1 + random.nextInt(20)));
            case 2, 3, 4 -> text.substring(0, at) + pick(TOKENS) + text.substring(at);
            case 5, 6 -> linesMoved(text);
            case 7, 8 -> wordsSwapped(text);
            case 9 -> text.substring(0, at) + pick(TOKENS).repeat(1 + random.nextInt(200)) + text.substring(at);
            case 10 -> reindented(text);
            case 11 -> text.substring(0, at) + spliced(pick(examples));
            case 12 -> anchored(text);
            default -> text.substring(0, at);
        };
    }

    private String bytesFlipped(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String linesMoved(String text) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        String line = pick(lines);
        if (random.nextBoolean()) {
            lines.remove(line);
        }
        lines.add(random.nextInt(lines.size() + 1), line);
        return String.join("\n", lines);
    }

    private String wordsSwapped(String text) {
        List<String> words = new ArrayList<>(Arrays.asList(text.split("(?<=[^\\w])|(?=[^\\w])")));
        int one = random.nextInt(words.size());
        int other = random.nextInt(words.size());
        String word = words.get(one);
        words.set(one, words.get(other));
        words.set(other, random.nextInt(3) == 0 ? pick(TOKENS) : word);
        return String.join("", words);
    }

    private String reindented(String text) {
        String[] lines = text.split("\n", -1);
        int at = random.nextInt(lines.length);
        int spaces = random.nextInt(6);
        for (int i = at; i < Math.min(lines.length, at + 1 + random.nextInt(3)); i++) {
            lines[i] = " ".repeat(spaces) + lines[i].stripLeading();
        }
        return String.join("\n", lines);
    }

    private String spliced(String other) {
        return other.substring(place(other));
    }

    /** Puts an anchor at a value and aliases of it elsewhere, behind it and before it. */
    private String anchored(String text) {
        String changed = text;
        int colon = changed.indexOf(": ", place(changed));
        if (colon >= 0) {
            changed = changed.substring(0, colon + 2) + "&a " + changed.substring(colon + 2);
        }
        for (int i = random.nextInt(5); i >= 0; i--) {
            int value = changed.indexOf(": ", place(changed));
            if (value >= 0) {
                int end = changed.indexOf('\n', value);
                changed = changed.substring(0, value + 2) + "*a" + (end < 0 ? "" : changed.substring(end));
            }
        }
        return changed;
    }
}
