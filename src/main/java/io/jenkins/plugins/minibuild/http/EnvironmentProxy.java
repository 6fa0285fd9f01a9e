package io.jenkins.plugins.minibuild.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The proxy that the environment of a process names, as command line tools understand it; Java's own where it names none. Immutable. */
final class EnvironmentProxy extends ProxySelector {
    private final Map<String, String> environment;

    EnvironmentProxy(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public List<Proxy> select(URI uri) {
        String host = Objects.toString(uri.getHost(), "").toLowerCase(Locale.ROOT);
        String named = variable(uri.getScheme().toLowerCase(Locale.ROOT) + "_proxy");
        if (named.isEmpty()) {
            ProxySelector java = ProxySelector.getDefault();
            return java == null ? List.of(Proxy.NO_PROXY) : java.select(uri);
        }
        return isExcepted(host) ? List.of(Proxy.NO_PROXY) : List.of(proxy(named));
    }

    private String variable(String name) {
        String lower = environment.get(name);
        return Objects.toString(lower == null ? environment.get(name.toUpperCase(Locale.ROOT)) : lower, "")
                .strip();
    }

    /** By a name, a name's end ({@code .example.org}, {@code *.example.org}), or {@code *}. Addresses of this machine need no proxy. */
    private boolean isExcepted(String host) {
        return host.matches("localhost|127\\..*|\\[?::1]?")
                || Stream.of(variable("no_proxy").toLowerCase(Locale.ROOT).split("[,\\s]+"))
                        .map(each -> each.replaceFirst(":[0-9]+$", "").replaceFirst("^\\*\\.", "."))
                        .filter(each -> !each.isEmpty())
                        .anyMatch(each -> each.equals("*")
                                || host.equals(each.replaceFirst("^\\.", ""))
                                || host.endsWith(each.startsWith(".") ? each : "." + each));
    }

    private static Proxy proxy(String text) {
        URI address = URI.create(text.contains("://") ? text : "http://" + text);
        if (address.getHost() == null) {
            throw new IllegalArgumentException(
                    "The agent's proxy variable is no address such as http://proxy.example.org:3128");
        }
        int port = address.getPort() > 0 ? address.getPort() : "https".equals(address.getScheme()) ? 443 : 80;
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(address.getHost(), port));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // The call fails with it.
    }
}
