package io.jenkins.plugins.minibuild.forge;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * A service that hosts repositories, and where it is.
 *
 * @param name what people call it
 * @param web scheme, host and port of its web pages and repositories; the host in small letters, the port only where it is not the scheme's own
 * @param api the address of its REST API, without a slash at its end
 */
public record KnownForge(String name, ForgeKind kind, URI web, URI api) {
    /**
     * Checks all values.
     *
     * @param kind gitee, github or gitlab
     * @param api null or empty for the place where services of the kind have it
     * @param plainHttp whether addresses may begin with {@code http://}: tokens then cross the network unencrypted
     * @throws IllegalArgumentException with a message for users
     */
    public static KnownForge of(
            @CheckForNull String name,
            @CheckForNull String kind,
            @CheckForNull String web,
            @CheckForNull String api,
            boolean plainHttp) {
        String title = Util.fixEmptyAndTrim(name);
        if (title == null) {
            throw new IllegalArgumentException(Messages.KnownForge_name());
        }
        ForgeKind parsed = ForgeKind.of(Util.fixNull(kind));
        URI page = checkedWeb(web, plainHttp);
        return new KnownForge(
                title, parsed, page, Util.fixEmptyAndTrim(api) == null ? parsed.api(page) : checkedApi(api, plainHttp));
    }

    static URI checkedWeb(@CheckForNull String address, boolean plainHttp) {
        URI uri = checkedApi(address, plainHttp);
        if (!uri.getPath().isEmpty()) {
            throw new IllegalArgumentException(Messages.KnownForge_web(address));
        }
        return uri;
    }

    /** An address with a host and perhaps a path, which gets the form that the record describes. */
    static URI checkedApi(@CheckForNull String address, boolean plainHttp) {
        String text = Util.fixNull(address).strip();
        URI uri;
        try {
            uri = new URI(text.replaceAll("/+$", ""));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(Messages.KnownForge_address(text), e);
        }
        String scheme = Util.fixNull(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")
                || uri.getHost() == null
                || uri.getUserInfo() != null
                || uri.getQuery() != null
                || uri.getFragment() != null
                || uri.getPort() > 65_535) {
            throw new IllegalArgumentException(Messages.KnownForge_address(text));
        }
        if (scheme.equals("http") && !plainHttp) {
            throw new IllegalArgumentException(Messages.KnownForge_plainHttp(text));
        }
        return URI.create(scheme + "://" + authority(scheme, uri.getHost(), uri.getPort()) + uri.getRawPath());
    }

    /** The host in small letters, with the port unless it is the scheme's own. */
    static String authority(String scheme, String host, int port) {
        boolean ordinary = port < 0 || port == (scheme.equals("https") ? 443 : 80);
        return host.toLowerCase(Locale.ROOT) + (ordinary ? "" : ":" + port);
    }
}
