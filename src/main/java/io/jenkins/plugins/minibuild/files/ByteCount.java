package io.jenkins.plugins.minibuild.files;

import java.util.Locale;

/** Numbers of bytes as people read them. */
public final class ByteCount {
    private static final double KILOBYTE = 1024;
    private static final double MEGABYTE = KILOBYTE * 1024;
    private static final double GIGABYTE = MEGABYTE * 1024;

    private ByteCount() {}

    /** The number in kB, MB or GB (powers of 1024) with one decimal place, for example "1.5 MB". */
    public static String text(long bytes) {
        if (bytes >= GIGABYTE) {
            return String.format(Locale.ROOT, "%.1f GB", bytes / GIGABYTE);
        }
        return bytes >= MEGABYTE
                ? String.format(Locale.ROOT, "%.1f MB", bytes / MEGABYTE)
                : String.format(Locale.ROOT, "%.1f kB", bytes / KILOBYTE);
    }
}
