package io.jenkins.plugins.minibuild.checkout;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.Fact;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides which repository a step works on, from what the controller knows: the step itself, or what this build has checked out. What a workspace's
 * {@code .git} says is never asked: whatever ran there can have written it, and a token would follow.
 */
public final class RepositoryAddress {
    private static final String KEY = "checkout.url.";

    private RepositoryAddress() {}

    /**
     * The repository of a step.
     *
     * @param given what the step or an earlier step of the build says; null for the repository that was checked out
     * @param folder where the build has checked it out; another folder counts as well if the build has checked out one repository only
     * @throws AbortException when nothing of that says which one
     * @throws IllegalArgumentException when what is given is no address
     */
    public static RepositoryUrl of(BuildContext context, @CheckForNull String given, FilePath folder)
            throws AbortException {
        if (given != null) {
            return RepositoryUrl.parse(given);
        }
        return known(context, folder)
                .orElseThrow(() -> new AbortException(
                        all(context).isEmpty()
                                ? Messages.RepositoryAddress_none()
                                : Messages.RepositoryAddress_several(listed(all(context)))));
    }

    /** The repository that this build has checked out into a folder, or its only one; empty if nothing says which one. */
    public static Optional<RepositoryUrl> known(BuildContext context, FilePath folder) {
        String here = context.record().facts().get(fact(context.agent(), folder));
        if (here != null) {
            return Optional.of(RepositoryUrl.parse(here));
        }
        Set<String> all = all(context);
        return all.size() == 1 ? Optional.of(RepositoryUrl.parse(all.iterator().next())) : Optional.empty();
    }

    private static Set<String> all(BuildContext context) {
        return context.record().facts().entrySet().stream()
                .filter(each -> each.getKey().key().startsWith(KEY))
                .map(java.util.Map.Entry::getValue)
                .collect(Collectors.toSet());
    }

    private static String listed(Collection<String> addresses) {
        return addresses.stream().sorted().collect(Collectors.joining(", "));
    }

    /** The fact of a build that a repository was checked out into a folder; its value is the address. */
    static Fact fact(String agent, FilePath folder) {
        return new Fact(KEY + Digest.sha256Hex(place(agent, folder)).substring(0, 40));
    }

    /** A folder of an agent, the same with and without a slash at the end. */
    static String place(String agent, FilePath folder) {
        return agent + "\n" + folder.getRemote().replaceAll("[/\\\\]+$", "");
    }
}
