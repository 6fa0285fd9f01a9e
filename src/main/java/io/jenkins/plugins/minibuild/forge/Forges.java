package io.jenkins.plugins.minibuild.forge;

import io.jenkins.plugins.minibuild.http.Http;
import io.jenkins.plugins.minibuild.step.Services;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Knows which service answers at a host: the public ones and those that an administrator has configured. Immutable. */
public final class Forges {
    private static final List<KnownForge> PUBLIC = List.of(
            KnownForge.of("Gitee", "gitee", "https://gitee.com", null, false),
            KnownForge.of("GitHub", "github", "https://github.com", null, false),
            KnownForge.of("GitLab", "gitlab", "https://gitlab.com", null, false));

    private final Http http;
    private final Map<String, KnownForge> byAuthority = new LinkedHashMap<>();

    private Forges(Http http, List<KnownForge> more) {
        this.http = http;
        PUBLIC.forEach(each -> byAuthority.put(each.web().getAuthority(), each));
        more.forEach(each -> byAuthority.put(each.web().getAuthority(), each));
    }

    /** The public services and those that an administrator has configured. */
    public static Forges of(Services services) {
        return with(services.http(), services.settings().all(KnownForge.class));
    }

    /** The public services and those given, which come first. */
    public static Forges with(Http http, List<KnownForge> more) {
        return new Forges(http, more);
    }

    /**
     * The service at a web address. An address that is not encrypted is a service's only where the administrator has allowed that for this service.
     *
     * @param scheme http or https
     * @param host a name or an address
     * @param port -1 for the scheme's own
     * @return empty when no service is known there
     */
    public Optional<Forge> at(String scheme, String host, int port) {
        return Optional.ofNullable(byAuthority.get(KnownForge.authority(scheme, host, port)))
                .filter(known ->
                        !scheme.equals("http") || known.web().getScheme().equals("http"))
                .map(this::forge);
    }

    /** The service at a host that is reached by SSH, whatever the port of its web pages is; empty when no service is known there. */
    public Optional<Forge> atHost(String host) {
        return known(host).map(this::forge);
    }

    /** What is known of the service at a host, whatever the port is; empty when no service is known there. */
    public Optional<KnownForge> known(String host) {
        return byAuthority.values().stream()
                .filter(known -> known.web().getHost().equalsIgnoreCase(host))
                .findFirst();
    }

    private Forge forge(KnownForge known) {
        return known.kind().forge(http, known.api().toString());
    }
}
