package io.jenkins.plugins.minibuild.diff;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which files are shown as text, and which of them are read by hardly anybody. git takes a file with one zero byte for binary and shows nothing of it, while
 * an interpreter runs it: so only files that are named as pictures, sounds, films, fonts or archives may be binary; of all others every line is shown.
 */
public final class TextFiles {
    /** Nobody reads them as lines, and nothing runs them by their name. */
    private static final Set<String> MEDIA = Set.of(
            "png", "jpg", "jpeg", "gif", "webp", "bmp", "ico", "avif", "mp3", "mp4", "m4a", "aac", "wav", "ogg", "webm",
            "mov", "ttf", "otf", "woff", "woff2", "eot");

    /** Nobody reads them as lines, either, but they hold what can be run. */
    private static final Set<String> PACKED = Set.of(
            "zip",
            "gz",
            "tgz",
            "bz2",
            "xz",
            "7z",
            "rar",
            "tar",
            "jar",
            "class",
            "so",
            "dll",
            "exe",
            "dylib",
            "wasm",
            "pdf",
            "psd",
            "keystore");

    /** Written by tools that resolve dependencies. */
    private static final Set<String> LOCKS = Set.of(
            "package-lock.json",
            "npm-shrinkwrap.json",
            "yarn.lock",
            "pnpm-lock.yaml",
            "composer.lock",
            "gemfile.lock",
            "cargo.lock",
            "go.sum",
            "poetry.lock");

    private static final List<String> COMPACTED = List.of(".min.js", ".min.css", ".map");

    private TextFiles() {}

    /**
     * The content of a repository's {@code info/attributes}, which counts more than any {@code .gitattributes}: those are part of the change, and could
     * call each file binary.
     */
    public static String attributes() {
        StringBuilder lines = new StringBuilder("* diff\n");
        for (Set<String> endings : List.of(MEDIA, PACKED)) {
            endings.stream().sorted().forEach(ending -> {
                lines.append("*.");
                // The patterns of git tell capitals from small letters.
                ending.chars()
                        .forEach(c -> lines.append(
                                Character.isLetter(c)
                                        ? "[" + (char) c + Character.toString(Character.toUpperCase(c)) + "]"
                                        : Character.toString(c)));
                lines.append(" !diff\n");
            });
        }
        return lines.toString();
    }

    /**
     * A line for {@code info/attributes}, to be added behind the others, by which git shows nothing of one file.
     *
     * @param path as git lists it
     */
    public static String notShown(String path) {
        StringBuilder line = new StringBuilder("\"/");
        for (byte each : ExactText.encode(path)) {
            int c = each & 0xFF;
            if (c < ' ' || c >= 0x7F) {
                line.append(String.format("\\%03o", c));
            } else {
                // A pattern, quoted as a string of C.
                line.append(c == '\\' || c == '*' || c == '?' || c == '[' ? "\\\\" : "")
                        .append(c == '\\' || c == '"' ? "\\" : "")
                        .append((char) c);
            }
        }
        return line.append("\" -diff\n").toString();
    }

    /** Whether the name is that of a picture, sound, film or font. */
    public static boolean isMedia(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return name.contains(".") && MEDIA.contains(name.substring(name.lastIndexOf('.') + 1));
    }

    /** Whether a tool that resolves dependencies writes it. */
    public static boolean isLock(String path) {
        return LOCKS.contains(path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT));
    }

    /** Whether a tool writes it out of other files, on few and long lines. */
    public static boolean isCompacted(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        return COMPACTED.stream().anyMatch(name::endsWith);
    }
}
