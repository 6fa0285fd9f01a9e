package io.jenkins.plugins.minibuild.checkout;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which repository an address names, whatever the transport, its port, the user and the spelling: equal for all addresses that a service gives to one
 * repository.
 *
 * @param host in lower case; empty for a folder
 * @param path in lower case but for a folder, decoded, without {@code .git}
 */
record RepositoryIdentity(String host, String path) {
    /** Hosts that a service has for SSH where a network lets nothing but port 443 through. */
    private static final Map<String, String> SSH_HOSTS = Map.of(
            "ssh.github.com", "github.com",
            "altssh.gitlab.com", "gitlab.com",
            "altssh.bitbucket.org", "bitbucket.org",
            "www.github.com", "github.com");

    private static final String AZURE = "dev.azure.com";
    /** The older name of Azure DevOps: each organisation has a host of its own. */
    private static final String VISUAL_STUDIO = ".visualstudio.com";

    private static final String GIT = "_git";
    /** Azure puts these into addresses of clones that leave something out. */
    private static final List<String> AZURE_VARIANTS = List.of("_optimized", "_full");

    static RepositoryIdentity of(String host, String path) {
        if (host.isEmpty()) {
            return new RepositoryIdentity("", path);
        }
        List<String> segments = Stream.of(path.split("/"))
                .filter(each -> !each.isEmpty())
                .map(RepositoryIdentity::decoded)
                .map(each -> each.toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(ArrayList::new));
        if (isAzure(host)) {
            segments = azure(host, segments);
            return new RepositoryIdentity(AZURE, String.join("/", segments));
        }
        return new RepositoryIdentity(SSH_HOSTS.getOrDefault(host, host), String.join("/", segments));
    }

    /** Whether a host is of Azure DevOps' service. */
    static boolean isAzure(String host) {
        return host.equals(AZURE) || host.equals("ssh." + AZURE) || host.endsWith(VISUAL_STUDIO);
    }

    /** Organisation, project and repository. */
    private static List<String> azure(String host, List<String> given) {
        List<String> segments = new ArrayList<>(given);
        if (host.equals("ssh." + AZURE) || host.equals("vs-ssh" + VISUAL_STUDIO)) {
            // v3/ORGANISATION/PROJECT/REPOSITORY
            return segments.isEmpty() ? segments : segments.subList(1, segments.size());
        }
        if (host.endsWith(VISUAL_STUDIO)) {
            segments.remove("defaultcollection");
            segments.add(0, host.substring(0, host.length() - VISUAL_STUDIO.length()));
        }
        int git = segments.indexOf(GIT);
        if (git < 0) {
            return segments;
        }
        List<String> repository = new ArrayList<>(segments.subList(git + 1, segments.size()));
        repository.removeAll(AZURE_VARIANTS);
        List<String> project = segments.subList(0, git);
        if (project.size() == 1) {
            // A repository that is called as its project may leave the project out.
            return Stream.of(project, repository, repository)
                    .flatMap(List::stream)
                    .toList();
        }
        return Stream.concat(project.stream(), repository.stream()).toList();
    }

    private static String decoded(String segment) {
        // URLDecoder is for forms, where a plus sign is a space.
        return segment.contains("%") ? URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8) : segment;
    }
}
