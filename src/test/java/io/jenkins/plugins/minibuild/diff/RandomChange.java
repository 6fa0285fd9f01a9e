package io.jenkins.plugins.minibuild.diff;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A change that chance has made of what is hard to show, committed by the real git. */
public final class RandomChange {
    /** What may be in a line; each is as it stands between line feeds. */
    private static final List<byte[]> LINES = lines(
            "const a = 1;",
            "",
            " ",
            "\t}",
            "// harmless\revil();",
            "// harmless\u2028evil();",
            "// \u2029\u0085\u000b\f",
            "function f\u2028() {",
            "_x\u0085",
            "$y\r",
            "crlf\r",
            "crlf again\r",
            "zero \0 byte",
            "// \u202e } \u2066if (admin)\u2069",
            "a\u200bb\ufeff\u00ad",
            "diff --git a/x b/x",
            "--- a/x",
            "+++ b/x",
            "@@ -1 +1 @@",
            "@@ -1,999999999 +1,999999999 @@ x",
            "+plus",
            "-minus",
            "\\ No newline at end of file",
            "Binary files a/x and b/x differ",
            "GIT binary patch",
            "new file mode 100755",
            "\uFFFD 登录 😀",
            "=== other.js (modified)",
            "  https://evil.example/x.tgz");

    private static final byte[][] BYTES = {
        {(byte) 0xFF, (byte) 0xFE, 'x', 0}, {(byte) 0xC3}, {(byte) 0xED, (byte) 0xB2, (byte) 0x80}, {(byte) 0x80, '\r'}
    };

    /** Names as bytes, a letter each. */
    private static final String[] NAMES = {
        "a.js",
        "b.min.js",
        "package-lock.json",
        "logo.png",
        "LOGO2.PNG",
        "x.zip",
        "png",
        "with blank.txt",
        "a b/c b/d.ts",
        "d/plain",
        "d/\"quoted\"",
        "d/back\\slash",
        "tab\there",
        "line\nfeed",
        "cr\rname",
        "\u00e7\u0099\u00bb.wxml",
        "\u00e2\u0080\u00aexcod.js",
        "bytes\u00ff\u00fe",
        "x b/x b",
        "-dash",
        "@@ -1 +1 @@",
        "run.sh",
        "f.map",
        "mod",
        "link"
    };

    /**
     * A file of one side.
     *
     * @param mode git's
     * @param content of a submodule, the id of its commit
     */
    public record Entry(int mode, byte[] content) {
        boolean same(Entry other) {
            return other != null && mode == other.mode && Arrays.equals(content, other.content);
        }
    }

    private final Random random;
    private final Map<String, Entry> before = new TreeMap<>();
    private final Map<String, Entry> after = new TreeMap<>();
    private PrintedChange printed;

    private RandomChange(long seed) {
        random = new Random(seed);
        for (String name : NAMES) {
            if (random.nextInt(3) > 0) {
                before.put(name, entry());
            }
            Entry now = changed(before.get(name));
            if (now != null) {
                after.put(name, now);
            }
        }
    }

    /** Receives a change. */
    @FunctionalInterface
    public interface Taker {
        /** Takes the change that belongs to a seed. */
        void take(long seed, RandomChange change) throws Exception;
    }

    /**
     * Makes changes, each from its seed, always the same.
     *
     * @param folder for a repository
     */
    public static void each(long first, int count, Path folder, Taker taker) throws Exception {
        GitFolder git = GitFolder.in(folder);
        Map<Long, RandomChange> changes = new TreeMap<>();
        Process importer = new ProcessBuilder("git", "fast-import", "--quiet")
                .directory(folder.toFile())
                .inheritIO()
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .start();
        try (var in = importer.getOutputStream()) {
            for (long seed = first; seed < first + count; seed++) {
                RandomChange change = new RandomChange(seed);
                changes.put(seed, change);
                in.write(commit(seed, change.before));
                in.write(commit(seed, change.after));
            }
        }
        if (importer.waitFor() != 0) {
            throw new IllegalStateException("git fast-import failed");
        }
        for (Map.Entry<Long, RandomChange> each : changes.entrySet()) {
            RandomChange change = each.getValue();
            change.printed = PrintedChange.read(git.printed("s" + each.getKey() + "~1", "s" + each.getKey()));
            taker.take(each.getKey(), change);
            change.printed = null;
        }
    }

    private static List<byte[]> lines(String... texts) {
        return Arrays.stream(texts)
                .map(each -> each.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private Entry entry() {
        return switch (random.nextInt(10)) {
            case 0 -> new Entry(0120000, "../else where\u2028".getBytes(StandardCharsets.UTF_8));
            case 1 -> new Entry(0160000, commitId());
            case 2 -> new Entry(0100755, content());
            default -> new Entry(0100644, content());
        };
    }

    private byte[] commitId() {
        return Long.toHexString(random.nextLong() | 1L << 63)
                .repeat(3)
                .substring(0, 40)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] line() {
        return switch (random.nextInt(60)) {
            case 0 -> (" ".repeat(3000) + "evil();").getBytes(StandardCharsets.UTF_8);
            case 1 -> "x".repeat(20_000).getBytes(StandardCharsets.UTF_8);
            case 2, 3, 4 -> BYTES[random.nextInt(BYTES.length)];
            default -> LINES.get(random.nextInt(LINES.size()));
        };
    }

    private byte[] content() {
        List<byte[]> lines = new ArrayList<>();
        boolean returns = random.nextInt(6) == 0;
        for (int i = random.nextInt(random.nextInt(4) == 0 ? 120 : 8); i > 0; i--) {
            lines.add(returns ? "text\r".getBytes(StandardCharsets.US_ASCII) : line());
        }
        return joined(lines, random.nextInt(4) > 0);
    }

    private static byte[] joined(List<byte[]> lines, boolean ended) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < lines.size(); i++) {
            out.writeBytes(lines.get(i));
            if (ended || i + 1 < lines.size()) {
                out.write('\n');
            }
        }
        return out.toByteArray();
    }

    /** The lines of a file without their line feeds; what follows the last line feed counts if it is not empty. */
    public static List<byte[]> split(byte[] content) {
        List<byte[]> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < content.length; i++) {
            if (content[i] == '\n') {
                lines.add(Arrays.copyOfRange(content, from, i));
                from = i + 1;
            }
        }
        if (from < content.length) {
            lines.add(Arrays.copyOfRange(content, from, content.length));
        }
        return lines;
    }

    /** Null for none. */
    private Entry changed(Entry entry) {
        if (entry == null) {
            return random.nextBoolean() ? entry() : null;
        }
        switch (random.nextInt(8)) {
            case 0:
                return null;
            case 1:
                return entry;
            case 2:
                return entry();
            case 3:
                return (entry.mode() & 0170000) == 0100000 ? new Entry(entry.mode() ^ 0111, entry.content()) : entry;
            default:
                if ((entry.mode() & 0170000) != 0100000) {
                    return entry.mode() == 0160000
                            ? new Entry(0160000, commitId())
                            : new Entry(0120000, "/etc/passwd".getBytes(StandardCharsets.US_ASCII));
                }
                List<byte[]> lines = new ArrayList<>(split(entry.content()));
                for (int i = random.nextInt(5); i >= 0; i--) {
                    int at = random.nextInt(lines.size() + 1);
                    if (at < lines.size() && random.nextBoolean()) {
                        lines.remove(at);
                    } else {
                        lines.add(at, line());
                    }
                }
                return new Entry(entry.mode(), joined(lines, random.nextInt(4) > 0));
        }
    }

    private static byte[] commit(long seed, Map<String, Entry> files) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(("commit refs/heads/s" + seed + "\ncommitter x <x@y> 1 +0000\ndata 1\nx\ndeleteall\n")
                .getBytes(StandardCharsets.US_ASCII));
        files.forEach((name, entry) -> {
            StringBuilder quoted = new StringBuilder("\"");
            for (byte b : name.getBytes(StandardCharsets.ISO_8859_1)) {
                quoted.append(String.format("\\%03o", b & 0xFF));
            }
            String what = entry.mode() == 0160000 ? new String(entry.content(), StandardCharsets.US_ASCII) : "inline";
            out.writeBytes(
                    "M %06o %s %s\"%n".formatted(entry.mode(), what, quoted).getBytes(StandardCharsets.US_ASCII));
            if (entry.mode() != 0160000) {
                out.writeBytes(("data " + entry.content().length + "\n").getBytes(StandardCharsets.US_ASCII));
                out.writeBytes(entry.content());
                out.write('\n');
            }
        });
        return out.toByteArray();
    }

    /** What the plugin is given. */
    public PrintedChange printed() {
        return printed;
    }

    /** The names that differ, as they are shown, with the names that they have in {@link #before} and {@link #after}. */
    public Map<String, String> names() {
        Map<String, String> names = new TreeMap<>();
        for (String name : NAMES) {
            Entry old = before.get(name);
            Entry now = after.get(name);
            if (old == null ? now != null : !old.same(now)) {
                byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
                names.put(VisibleText.name(ExactText.decode(bytes, 0, bytes.length)), name);
            }
        }
        return names;
    }

    /** A file before the change; null for none. */
    public Entry before(String name) {
        return before.get(name);
    }

    /** A file after the change; null for none. */
    public Entry after(String name) {
        return after.get(name);
    }
}
