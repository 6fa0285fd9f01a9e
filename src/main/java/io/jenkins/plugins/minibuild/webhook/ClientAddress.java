package io.jenkins.plugins.minibuild.webhook;

import com.google.common.net.InetAddresses;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Finds the address of a caller and decides whether it may call. Host names are never resolved. Immutable. */
final class ClientAddress {
    /** Addresses that begin with the same bits. */
    private record Range(byte[] address, int bits) {
        boolean holds(InetAddress other) {
            byte[] bytes = other.getAddress();
            if (bytes.length != address.length) {
                return false;
            }
            for (int i = 0; i < bits; i++) {
                int mask = 0x80 >> (i % 8);
                if ((bytes[i / 8] & mask) != (address[i / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Range> allowed;
    private final List<Range> proxies;

    private ClientAddress(List<Range> allowed, List<Range> proxies) {
        this.allowed = allowed;
        this.proxies = proxies;
    }

    /**
     * Rules for callers.
     *
     * @param allowed addresses and ranges ({@code 192.0.2.0/24}, {@code 2001:db8::/32}), one a line or separated by commas; empty for all
     * @param proxies in the same form, whose header {@code X-Forwarded-For} is trusted; empty for none
     * @throws IllegalArgumentException naming the text that is no address or range
     */
    static ClientAddress rules(@CheckForNull String allowed, @CheckForNull String proxies) {
        return new ClientAddress(ranges(allowed), ranges(proxies));
    }

    private static List<Range> ranges(@CheckForNull String text) {
        List<Range> all = new ArrayList<>();
        for (String each : text == null ? new String[0] : text.split("[,\\s]+")) {
            if (!each.isEmpty()) {
                all.add(range(each));
            }
        }
        return List.copyOf(all);
    }

    private static Range range(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length > 2 || !InetAddresses.isInetAddress(parts[0]) || parts[0].contains("%")) {
            throw new IllegalArgumentException(Messages.ClientAddress_none(text));
        }
        byte[] address = InetAddresses.forString(parts[0]).getAddress();
        int most = address.length * 8;
        if (parts.length == 1) {
            return new Range(address, most);
        }
        if (!parts[1].matches("[0-9]{1,3}") || Integer.parseInt(parts[1]) > most) {
            throw new IllegalArgumentException(Messages.ClientAddress_bits(text, String.valueOf(most)));
        }
        return new Range(address, Integer.parseInt(parts[1]));
    }

    /**
     * The client's address: the last one in the header before the trusted proxies. Addresses that the client itself wrote into the header come
     * earlier and do not count.
     *
     * @param peer the address that opened the connection
     * @param forwarded the header {@code X-Forwarded-For}, empty if there is none
     */
    String of(String peer, String forwarded) {
        String client = peer;
        String[] hops = forwarded.split(",", 200);
        for (int i = hops.length - 1; i >= 0 && in(proxies, client); i--) {
            String hop = hops[i].trim();
            if (!InetAddresses.isInetAddress(hop)) {
                break;
            }
            client = hop;
        }
        return client;
    }

    boolean isAllowed(String client) {
        return allowed.isEmpty() || in(allowed, client);
    }

    private static boolean in(List<Range> ranges, String text) {
        String bare = text.replaceFirst("%.*", "");
        if (!InetAddresses.isInetAddress(bare)) {
            return false;
        }
        InetAddress address = InetAddresses.forString(bare);
        return ranges.stream().anyMatch(range -> range.holds(address));
    }
}
