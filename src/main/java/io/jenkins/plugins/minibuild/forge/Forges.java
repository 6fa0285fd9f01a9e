package io.jenkins.plugins.minibuild.forge;

import io.jenkins.plugins.minibuild.http.Http;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Knows which service answers at a host. Safe for use by several threads. */
public final class Forges {
    /** Names the system property with self-hosted services, see {@link #with}. */
    public static final String PROPERTY = "io.jenkins.plugins.minibuild.forge.hosts";

    private enum Provider {
        GITEE,
        GITHUB,
        GITLAB
    }

    private final Http http;
    private final Map<String, Provider> hosts;

    private Forges(Http http, Map<String, Provider> hosts) {
        this.http = http;
        this.hosts = hosts;
    }

    /**
     * The public services, hosts whose name begins with {@code gitlab.}, and the hosts given.
     *
     * @param selfHosted {@code host=provider} or {@code host:port=provider}, separated by commas, where the provider is gitee, github or gitlab; may be
     *     empty
     * @throws IllegalArgumentException when an entry is neither
     */
    public static Forges with(Http http, String selfHosted) {
        Map<String, Provider> hosts = new LinkedHashMap<>();
        hosts.put("gitee.com", Provider.GITEE);
        hosts.put("github.com", Provider.GITHUB);
        hosts.put("gitlab.com", Provider.GITLAB);
        for (String entry : selfHosted.split(",")) {
            if (entry.isBlank()) {
                continue;
            }
            String[] parts = entry.trim().split("=", 2);
            try {
                hosts.put(
                        parts[0].toLowerCase(Locale.ROOT),
                        Provider.valueOf(parts.length < 2 ? "" : parts[1].toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "\"" + entry + "\" is not HOST=PROVIDER; the providers are gitee, github and gitlab", e);
            }
        }
        return new Forges(http, hosts);
    }

    /**
     * The service at a host.
     *
     * @param scheme http or https
     * @param host a name or an address
     * @param port -1 for the scheme's own
     * @return empty when no API is known there
     */
    public Optional<Forge> at(String scheme, String host, int port) {
        String name = host.toLowerCase(Locale.ROOT);
        String authority = port < 0 ? name : name + ":" + port;
        Provider provider = hosts.get(authority);
        if (provider == null && name.startsWith("gitlab.")) {
            provider = Provider.GITLAB;
        }
        if (provider == null) {
            return Optional.empty();
        }
        String server = scheme + "://" + authority;
        return Optional.of(
                switch (provider) {
                    case GITEE -> new Gitee(http, server);
                    case GITHUB -> new GitHub(http, server);
                    case GITLAB -> new GitLab(http, server);
                });
    }
}
