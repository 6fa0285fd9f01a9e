package io.jenkins.plugins.minibuild.claude;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds the first of a few bytes, eight at a time. */
final class ByteSearch {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;

    private final byte first;
    private final byte second;
    private final byte third;
    private final long firsts;
    private final long seconds;
    private final long thirds;

    /** Looks for any of the three, which may be the same. All of them are below 128. */
    ByteSearch(char first, char second, char third) {
        this.first = (byte) first;
        this.second = (byte) second;
        this.third = (byte) third;
        firsts = ONES * first;
        seconds = ONES * second;
        thirds = ONES * third;
    }

    /** Where the first one is; {@code end} when there is none. */
    int in(byte[] bytes, int from, int end) {
        int at = from;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            long word = (long) LONGS.get(bytes, at);
            // A byte that became 0 has its top bit set here; what is wrong above the lowest such byte does not matter.
            long found = (zeros(word ^ firsts) | zeros(word ^ seconds) | zeros(word ^ thirds)) & TOPS;
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (at < end && bytes[at] != first && bytes[at] != second && bytes[at] != third) {
            at++;
        }
        return at;
    }

    private static long zeros(long word) {
        return (word - ONES) & ~word;
    }
}
