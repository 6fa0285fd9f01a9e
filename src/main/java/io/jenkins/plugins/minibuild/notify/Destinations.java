package io.jenkins.plugins.minibuild.notify;

import io.jenkins.plugins.minibuild.http.Http;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Where the messages of a channel may go. A robot's messages go to its vendor's own hosts. The messages of a webhook go anywhere if an administrator has configured the
 * channel, and else to the public internet. The administrator's list adds to both. Immutable.
 */
public final class Destinations {
    /** Who runs a robot, and where. */
    enum Vendor {
        WECOM("qyapi.weixin.qq.com"),
        DINGTALK("oapi.dingtalk.com", "api.dingtalk.com"),
        FEISHU("open.feishu.cn", "open.larksuite.com"),
        /** Any program: no host is known. */
        ANY;

        private final List<String> hosts;

        Vendor(String... hosts) {
            this.hosts = List.of(hosts);
        }

        List<String> hosts() {
            return hosts;
        }
    }

    private final Set<String> listed;
    private final boolean global;
    private final Http open;

    /**
     * @param listed the administrator's list
     * @param global whether an administrator has configured the channel
     * @param open a client that reaches every address
     */
    Destinations(Set<String> listed, boolean global, Http open) {
        this.listed = Set.copyOf(listed);
        this.global = global;
        this.open = open;
    }

    /**
     * Reads an administrator's list: {@code https://chat.example.com} or {@code http://10.0.0.5:8080}, separated by commas or white space.
     *
     * @throws IllegalArgumentException naming what is no address of a host
     */
    static Set<String> parse(String text) {
        Set<String> all = new LinkedHashSet<>();
        for (String each : text.strip().split("[,\\s]+")) {
            if (!each.isEmpty()) {
                all.add(checked(each.replaceFirst("/$", "")));
            }
        }
        return all;
    }

    private static String checked(String text) {
        try {
            URI uri = new URI(text);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            if (web
                    && uri.getHost() != null
                    && text.equalsIgnoreCase(uri.getScheme() + "://" + uri.getAuthority())
                    && uri.getUserInfo() == null) {
                return origin(uri);
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new IllegalArgumentException(Messages.Destinations_list(text));
    }

    private static String origin(URI uri) {
        int ordinary = "https".equals(uri.getScheme()) ? 443 : 80;
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        return uri.getScheme() + "://" + host
                + (uri.getPort() < 0 || uri.getPort() == ordinary ? "" : ":" + uri.getPort());
    }

    /** Whether the administrator has listed the host of an address. */
    boolean isListed(URI uri) {
        return listed.contains(origin(uri));
    }

    /** Whether an address of a vendor may be called. */
    boolean allows(Vendor vendor, URI uri) {
        return isListed(uri)
                || (vendor == Vendor.ANY
                        ? global || "https".equals(uri.getScheme())
                        : vendor.hosts().contains(origin(uri).replaceFirst("^https://", "")));
    }

    /**
     * The client for an address that is allowed.
     *
     * @param standard the channel's own
     */
    Http client(URI uri, Http standard) {
        return isListed(uri) ? open : standard;
    }

    /** Whether what an address answers, and why it cannot be reached, may be shown. */
    boolean isTrusted(URI uri) {
        return global || isListed(uri);
    }
}
