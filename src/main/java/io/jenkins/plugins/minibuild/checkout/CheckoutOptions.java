package io.jenkins.plugins.minibuild.checkout;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.Locale;

/** The options of a checkout. Every setter checks its value and throws {@link IllegalArgumentException} with a message for users. */
public final class CheckoutOptions {
    public static final int DEFAULT_DEPTH = 1;
    public static final int DEFAULT_RETRIES = 3;
    private static final int MOST_RETRIES = 20;

    private final RepositoryUrl url;
    private String ref = "";
    private CheckoutRequest.EventUse event = CheckoutRequest.EventUse.ON_SAME_BRANCH;
    private String commit = "";
    private String credentialsId = "";
    private String directory = "";
    private int depth = DEFAULT_DEPTH;
    private boolean submodules;
    private boolean lfs;
    private int retries = DEFAULT_RETRIES;
    private boolean verify = true;
    private boolean mirror = true;
    private boolean force;
    private boolean local;
    private Duration retryDelay = Duration.ofSeconds(1);

    CheckoutOptions(String url) {
        this.url = RepositoryUrl.parse(url);
    }

    /** A branch, a tag or a whole ref name; null or empty for the remote's default branch. */
    public CheckoutOptions branch(@CheckForNull String value) {
        ref = checkedBranch(value);
        return this;
    }

    /** As {@link #branch}, for builds that no event of the repository has started: those build the event's commit. */
    public CheckoutOptions standardBranch(@CheckForNull String value) {
        event = CheckoutRequest.EventUse.INSTEAD_OF_BRANCH;
        return branch(value);
    }

    /** The newest commit of the branch is checked out, also where an event of an older one started the build. */
    public CheckoutOptions newest() {
        event = CheckoutRequest.EventUse.NEVER;
        return this;
    }

    /** The whole id of a commit or an annotated tag; null or empty for the newest of the branch. */
    public CheckoutOptions commit(@CheckForNull String value) {
        commit = checkedCommit(value);
        return this;
    }

    public CheckoutOptions credentialsId(@CheckForNull String value) {
        credentialsId = value == null ? "" : value.strip();
        return this;
    }

    /** A folder below the workspace; null or empty for the workspace itself. */
    public CheckoutOptions directory(@CheckForNull String value) {
        directory = checkedDirectory(value);
        return this;
    }

    /** How many commits of the history; 0 for all. */
    public CheckoutOptions depth(int value) {
        depth = checkedDepth(value);
        return this;
    }

    public CheckoutOptions submodules(boolean value) {
        submodules = value;
        return this;
    }

    public CheckoutOptions lfs(boolean value) {
        lfs = value;
        return this;
    }

    /** How often a broken transfer is tried again. */
    public CheckoutOptions retries(int value) {
        retries = checkedRetries(value);
        return this;
    }

    /** Whether to ask the service's API first. */
    public CheckoutOptions verify(boolean value) {
        verify = value;
        return this;
    }

    /** Whether builds on the agent share what they fetched. */
    public CheckoutOptions mirror(boolean value) {
        mirror = value;
        return this;
    }

    /** Whether a folder that holds something else may be emptied. */
    public CheckoutOptions force(boolean value) {
        force = value;
        return this;
    }

    /** Whether the repository may be a folder of the agent. */
    public CheckoutOptions local(boolean value) {
        local = value;
        return this;
    }

    /** The wait before the first retry; it doubles each time. */
    CheckoutOptions retryDelay(Duration value) {
        retryDelay = value;
        return this;
    }

    public GitCheckout build() {
        return new GitCheckout(
                new CheckoutRequest(
                        url,
                        credentialsId,
                        new CheckoutRequest.Revision(ref, commit, event),
                        new CheckoutRequest.Content(depth, submodules, lfs),
                        new CheckoutRequest.Target(directory, force),
                        new CheckoutRequest.Transfer(retries, verify, mirror, local)),
                retryDelay);
    }

    static String checkedBranch(@CheckForNull String value) {
        String name = value == null ? "" : value.strip();
        if (!name.isEmpty() && !RefName.isValid(name)) {
            throw new IllegalArgumentException(Messages.CheckoutOptions_Branch(name));
        }
        return name;
    }

    static String checkedCommit(@CheckForNull String value) {
        String id = value == null ? "" : value.strip().toLowerCase(Locale.ROOT);
        if (!id.isEmpty() && !RefName.isCommit(id)) {
            throw new IllegalArgumentException(Messages.CheckoutOptions_Commit());
        }
        return id;
    }

    /**
     * A folder below the workspace.
     *
     * @return with slashes, without one at the end; empty for the workspace itself
     * @throws IllegalArgumentException when it leads out of the workspace or into {@code .git}
     */
    public static String checkedDirectory(@CheckForNull String value) {
        String path = value == null ? "" : value.strip().replace('\\', '/').replaceAll("/+$", "");
        if (path.isEmpty() || path.equals(".")) {
            return "";
        }
        if (path.startsWith("/") || path.matches("[A-Za-z]:.*") || path.chars().anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException(Messages.CheckoutOptions_Directory(value));
        }
        for (String part : path.split("/")) {
            if (part.isEmpty() || part.equals("..") || part.equals(".") || part.equalsIgnoreCase(".git")) {
                throw new IllegalArgumentException(Messages.CheckoutOptions_Directory(value));
            }
        }
        return path;
    }

    static int checkedDepth(int value) {
        if (value < 0) {
            throw new IllegalArgumentException(Messages.CheckoutOptions_Depth());
        }
        return value;
    }

    static int checkedRetries(int value) {
        if (value < 0 || value > MOST_RETRIES) {
            throw new IllegalArgumentException(Messages.CheckoutOptions_Retries(String.valueOf(MOST_RETRIES)));
        }
        return value;
    }
}
