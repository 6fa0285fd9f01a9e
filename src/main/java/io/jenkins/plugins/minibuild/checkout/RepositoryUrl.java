package io.jenkins.plugins.minibuild.checkout;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.Digest;
import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a git repository: {@code https://}, {@code http://}, {@code ssh://}, {@code user@host:path}, {@code file://} or an absolute path. It
 * never holds a password or token, and nothing that git could take for an option or a remote helper. Immutable.
 */
public final class RepositoryUrl implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 2048;
    private static final Pattern WITH_SCHEME = Pattern.compile("(?s)([A-Za-z][A-Za-z0-9+.-]*)://(.*)");
    private static final Pattern SCP_LIKE = Pattern.compile("(?:([^@/:]+)@)?([^@/:\\[\\]]+|\\[[^]/@]*]):(.*)");
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:[\\\\/].*");
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?|\\[[0-9A-Fa-f:.]+]");
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+-]*");
    private static final Pattern ENCODED = Pattern.compile("%(.?.?)");

    /** How git reaches the repository. */
    public enum Transport {
        HTTPS,
        HTTP,
        SSH,
        LOCAL;

        /** As in an address and in {@code GIT_ALLOW_PROTOCOL}. */
        public String protocol() {
            return this == LOCAL ? "file" : name().toLowerCase(Locale.ROOT);
        }
    }

    private final String text;
    private final Transport transport;

    @CheckForNull
    private final String user;

    private final String host;
    private final int port;
    private final String path;

    private RepositoryUrl(
            String text, Transport transport, @CheckForNull String user, String host, int port, String path) {
        this.text = text;
        this.transport = transport;
        this.user = user;
        this.host = host.toLowerCase(Locale.ROOT);
        this.port = port;
        this.path = path;
    }

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException when it is none that is allowed; the message says why, and holds no secret
     */
    public static RepositoryUrl parse(@CheckForNull String given) {
        String text = given == null ? "" : given.strip();
        if (text.isEmpty()) {
            throw new IllegalArgumentException(Messages.RepositoryUrl_Empty());
        }
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException(Messages.RepositoryUrl_TooLong(String.valueOf(LONGEST)));
        }
        if (text.codePoints().anyMatch(RepositoryUrl::unprintable)) {
            throw new IllegalArgumentException(Messages.RepositoryUrl_Characters());
        }
        Matcher url = WITH_SCHEME.matcher(text);
        if (url.matches()) {
            return withScheme(text, url.group(1).toLowerCase(Locale.ROOT), url.group(2));
        }
        if (text.startsWith("/") || DRIVE.matcher(text).matches()) {
            return new RepositoryUrl(text, Transport.LOCAL, null, "", -1, checkedPath(text.replace('\\', '/')));
        }
        Matcher scp = SCP_LIKE.matcher(text);
        if (scp.matches() && !scp.group(3).startsWith(":")) {
            String path = scp.group(3);
            if (path.startsWith("-")) {
                throw unknownForm();
            }
            return new RepositoryUrl(
                    text, Transport.SSH, checkedUser(scp.group(1)), checkedHost(scp.group(2)), -1, checkedPath(path));
        }
        throw unknownForm();
    }

    private static boolean unprintable(int c) {
        return Character.isISOControl(c)
                || Character.isWhitespace(c)
                || Character.isSpaceChar(c)
                || Character.getType(c) == Character.FORMAT
                || Character.getType(c) == Character.SURROGATE
                || "\"'`<>|^{}$".indexOf(c) >= 0;
    }

    private static RepositoryUrl withScheme(String text, String scheme, String rest) {
        if (scheme.equals("file")) {
            if (!rest.startsWith("/")) {
                throw unknownForm();
            }
            return new RepositoryUrl(text, Transport.LOCAL, null, "", -1, checkedPath(rest));
        }
        Transport transport =
                switch (scheme) {
                    case "https" -> Transport.HTTPS;
                    case "http" -> Transport.HTTP;
                    case "ssh" -> Transport.SSH;
                    default -> throw unknownForm();
                };
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        String path = slash < 0 ? "" : rest.substring(slash);
        int at = authority.lastIndexOf('@');
        String userInfo = at < 0 ? null : authority.substring(0, at);
        if (userInfo != null && isOrganisation(userInfo, authority.substring(at + 1), path)) {
            // Azure DevOps gives out addresses with the organisation before the host, too. It is no login.
            return withScheme(scheme + "://" + rest.substring(at + 1), scheme, rest.substring(at + 1));
        }
        if (userInfo != null && (transport != Transport.SSH || userInfo.contains(":"))) {
            throw new IllegalArgumentException(Messages.RepositoryUrl_Secret(
                    scheme + "://****@" + safe(authority.substring(at + 1)) + safe(path)));
        }
        String hostAndPort = authority.substring(at + 1);
        int colon = hostAndPort.lastIndexOf(':');
        boolean hasPort = colon > hostAndPort.lastIndexOf(']');
        int port = hasPort ? checkedPort(hostAndPort.substring(colon + 1)) : -1;
        if (port == (transport == Transport.HTTPS ? 443 : transport == Transport.HTTP ? 80 : 22)) {
            port = -1;
        }
        if (path.contains("?") || path.contains("#")) {
            throw new IllegalArgumentException(Messages.RepositoryUrl_Query());
        }
        return new RepositoryUrl(
                text,
                transport,
                userInfo == null ? null : checkedUser(userInfo),
                checkedHost(hasPort ? hostAndPort.substring(0, colon) : hostAndPort),
                port,
                checkedPath(path));
    }

    private static boolean isOrganisation(String user, String host, String path) {
        return host.equalsIgnoreCase("dev.azure.com")
                && path.toLowerCase(Locale.ROOT).startsWith("/" + user.toLowerCase(Locale.ROOT) + "/");
    }

    /** What may be repeated in a message: a query can hold a token too. */
    private static String safe(String text) {
        return text.replaceAll("[?#].*", "");
    }

    private static IllegalArgumentException unknownForm() {
        return new IllegalArgumentException(Messages.RepositoryUrl_Form());
    }

    @CheckForNull
    private static String checkedUser(@CheckForNull String user) {
        if (user != null && !USER.matcher(user).matches()) {
            throw unknownForm();
        }
        return user;
    }

    private static String checkedHost(String host) {
        if (!HOST.matcher(host).matches()) {
            throw new IllegalArgumentException(Messages.RepositoryUrl_Host());
        }
        return host;
    }

    private static int checkedPort(String port) {
        if (!port.matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException(Messages.RepositoryUrl_Host());
        }
        int number = Integer.parseInt(port);
        if (number < 1 || number > 65535) {
            throw new IllegalArgumentException(Messages.RepositoryUrl_Host());
        }
        return number;
    }

    /** The path without slashes at its ends and without {@code .git}. */
    private static String checkedPath(String path) {
        Matcher encoded = ENCODED.matcher(path);
        while (encoded.find()) {
            // An encoded slash, dot or control character means something else to the server than to us. Projects of
            // Azure
            // DevOps may have spaces.
            String digits = encoded.group(1);
            if (!digits.matches("[0-9A-Fa-f]{2}")) {
                throw new IllegalArgumentException(Messages.RepositoryUrl_Path());
            }
            int value = Integer.parseInt(digits, 16);
            if (value < 0x20 || value == 0x7f || value == '/' || value == '.' || value == '\\' || value == '%') {
                throw new IllegalArgumentException(Messages.RepositoryUrl_Path());
            }
        }
        String bare = path.replaceAll("^/+|/+$", "").replaceAll("\\.git$", "").replaceAll("/+$", "");
        if (bare.isEmpty() || bare.contains("\\")) {
            throw new IllegalArgumentException(Messages.RepositoryUrl_Path());
        }
        for (String segment : bare.split("/")) {
            if (segment.equals("..") || segment.equals(".")) {
                throw new IllegalArgumentException(Messages.RepositoryUrl_Path());
            }
        }
        return bare;
    }

    /** As git is given it. */
    public String text() {
        return text;
    }

    public Transport transport() {
        return transport;
    }

    public boolean isHttp() {
        return transport == Transport.HTTP || transport == Transport.HTTPS;
    }

    /** The user of an SSH address; null when it names none. */
    @CheckForNull
    public String user() {
        return user;
    }

    /** In lower case; empty for a local repository. */
    public String host() {
        return host;
    }

    /** The host by which the service is known: one that serves SSH on port 443 has a name of its own. */
    String serviceHost() {
        return identity().host();
    }

    /** -1 for the transport's own. */
    public int port() {
        return port;
    }

    /** Transport, host and port, {@code https://git.example.com:8443}; empty for a local repository. */
    String server() {
        return transport == Transport.LOCAL ? "" : transport.protocol() + "://" + host + (port < 0 ? "" : ":" + port);
    }

    /** The path without slashes at its ends and without {@code .git}. */
    String path() {
        return path;
    }

    /** What is before the last segment of the path; may hold slashes, may be empty. */
    public String owner() {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    /** The last segment of the path without {@code .git}. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The same for all spellings of the same repository with the same transport. */
    public String normalised() {
        String place = port < 0 ? host : host + ":" + port;
        return transport.protocol() + "://" + (user == null ? "" : user + "@") + place + "/" + path;
    }

    /** Whether both name the same repository, whatever the transport, its port, the user, and which of its names the service is called by. */
    public boolean sameRepository(RepositoryUrl other) {
        return identity().equals(other.identity());
    }

    private RepositoryIdentity identity() {
        return RepositoryIdentity.of(host, path);
    }

    /** As {@link #key}, but the same for all names of the repository. */
    String identityKey() {
        return Digest.sha256Hex(identity().host() + "/" + identity().path()).substring(0, 40);
    }

    /** A name for files that belong to the repository: 40 hexadecimal digits. */
    String key() {
        return Digest.sha256Hex(normalised()).substring(0, 40);
    }

    /** Whether both are at the same server, reached the same way: only then may they share a credential. */
    boolean sameServer(RepositoryUrl other) {
        return transport == other.transport && host.equals(other.host) && port == other.port;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof RepositoryUrl other && normalised().equals(other.normalised());
    }

    @Override
    public int hashCode() {
        return Objects.hash(normalised());
    }

    @Override
    public String toString() {
        return text;
    }
}
