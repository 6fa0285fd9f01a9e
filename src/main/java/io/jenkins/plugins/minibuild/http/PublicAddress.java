package io.jenkins.plugins.minibuild.http;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Tells addresses of the public internet from those of this machine, of its networks, and of ways into them. */
final class PublicAddress {
    /** Ranges of IPv4 that are not of the public internet: first address, bits. */
    private static final int[][] PRIVATE = {
        {0, 0, 0, 0, 8},
        {10, 0, 0, 0, 8},
        {100, 64, 0, 0, 10},
        {127, 0, 0, 0, 8},
        {169, 254, 0, 0, 16},
        {172, 16, 0, 0, 12},
        {192, 0, 0, 0, 24},
        {192, 0, 2, 0, 24},
        {192, 88, 99, 0, 24},
        {192, 168, 0, 0, 16},
        {198, 18, 0, 0, 15},
        {198, 51, 100, 0, 24},
        {203, 0, 113, 0, 24},
        {224, 0, 0, 0, 3},
    };

    private PublicAddress() {}

    /**
     * Whether an address is one of the public internet. IPv6 has these in 2000::/3; tunnels to IPv4 in there (6to4, Teredo) do not count, nor do the
     * mapped, compatible and translated (NAT64) forms of IPv4 outside of it.
     */
    static boolean is(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            for (int[] range : PRIVATE) {
                if (begins(bytes, range)) {
                    return false;
                }
            }
            return true;
        }
        int first = (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
        int second = (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
        boolean global = first >>> 13 == 1;
        boolean tunnel = first == 0x2002 || first == 0x2001 && second < 0x0200;
        boolean example = first == 0x2001 && second == 0x0db8;
        return global && !tunnel && !example;
    }

    private static boolean begins(byte[] address, int[] range) {
        int bits = range[4];
        for (int i = 0; i < 4 && bits > 0; i++, bits -= 8) {
            int mask = bits >= 8 ? 0xff : 0xff << 8 - bits & 0xff;
            if ((address[i] & mask) != range[i]) {
                return false;
            }
        }
        return true;
    }
}
