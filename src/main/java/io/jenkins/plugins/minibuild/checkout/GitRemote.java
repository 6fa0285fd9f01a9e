package io.jenkins.plugins.minibuild.checkout;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.plugins.git.GitException;
import io.jenkins.plugins.minibuild.process.Retry;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.IOException;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.URIish;
import org.jenkinsci.plugins.gitclient.FetchCommand;
import org.jenkinsci.plugins.gitclient.Git;
import org.jenkinsci.plugins.gitclient.GitClient;

/** A repository at its server, as one build reaches it with one credential from its agent: what branches it has, and pushing to one. */
public final class GitRemote {
    private static final String HEADS = "refs/heads/";
    private static final int PUSH_MINUTES = 10;
    private static final int PUSH_ATTEMPTS = 3;
    private static final int FETCH_MINUTES = 20;
    private static final int FETCH_ATTEMPTS = 3;

    private final BuildContext context;
    private final GitCheckout checkout;
    private final RepositoryUrl url;
    private final StandardCredentials credential;
    private final EnvVars environment;
    private final String exe;

    private GitRemote(
            BuildContext context,
            GitCheckout checkout,
            RepositoryUrl url,
            @CheckForNull StandardCredentials credential,
            String exe) {
        this.context = context;
        this.checkout = checkout;
        this.url = url;
        this.credential = credential;
        this.exe = exe;
        this.environment = GitEnvironment.of(
                context.environment(), url, credential instanceof SSHUserPrivateKey, credential == null);
    }

    /**
     * @param url as {@code giteeCheckout} takes it
     * @param credentialsId null or empty for none; its secrets are masked from now on
     * @throws AbortException when there is no such credential, or none of a kind that fits
     * @throws IllegalArgumentException when the address cannot be one
     */
    public static GitRemote of(BuildContext context, String url, @CheckForNull String credentialsId)
            throws IOException, InterruptedException {
        RepositoryUrl address = RepositoryUrl.parse(url);
        GitCheckout checkout = GitCheckout.of(url).credentialsId(credentialsId).build();
        return new GitRemote(context, checkout, address, checkout.credential(context), GitCheckout.executable(context));
    }

    public RepositoryUrl url() {
        return url;
    }

    /** For git commands that need no server: the build's, without what changes git's meaning or comes from the agent's settings. A copy. */
    public EnvVars environment() {
        return new EnvVars(environment);
    }

    /** The git command of the agent. */
    public String executable() {
        return exe;
    }

    /**
     * Asks for the branches.
     *
     * @param folder any folder of the agent; git is started there
     * @return the ids of their newest commits, by name without {@code refs/heads/}
     */
    public Map<String, String> branches(FilePath folder) throws IOException, InterruptedException {
        try {
            Map<String, String> branches = new TreeMap<>();
            for (Map.Entry<String, ObjectId> each : client(folder)
                    .getRemoteReferences(url.text(), null, true, false)
                    .entrySet()) {
                String name = each.getKey();
                String id = each.getValue().name();
                if (name.startsWith(HEADS) && RefName.isValid(name) && RefName.isCommit(id)) {
                    branches.put(name.substring(HEADS.length()), id);
                }
            }
            return branches;
        } catch (GitException e) {
            throw failure(e);
        }
    }

    /** Whether the server has a tag. */
    public boolean hasTag(FilePath folder, String name) throws IOException, InterruptedException {
        try {
            return client(folder)
                    .getRemoteReferences(url.text(), "refs/tags/" + name, false, true)
                    .containsKey("refs/tags/" + name);
        } catch (GitException e) {
            throw failure(e);
        }
    }

    /** The branch the server calls its default; null when it names none. */
    @CheckForNull
    public String defaultBranch(FilePath folder) throws IOException, InterruptedException {
        try {
            String head = client(folder)
                    .getRemoteSymbolicReferences(url.text(), "HEAD")
                    .get("HEAD");
            return head != null && head.startsWith(HEADS) ? head.substring(HEADS.length()) : head;
        } catch (GitException e) {
            throw failure(e);
        }
    }

    /**
     * Pushes a commit to a branch; never by force. A push whose connection broke is repeated unless the branch has the commit by now.
     *
     * @param repository holds the commit; its settings must be trusted
     * @throws CheckoutException with a message for users, also when the branch got other commits since it was read
     */
    public void push(FilePath repository, String commit, String branch) throws IOException, InterruptedException {
        if (!RefName.isCommit(commit) || !RefName.isValid(branch)) {
            throw new IllegalArgumentException(commit + " -> " + branch);
        }
        Retry.times(PUSH_ATTEMPTS, context.random())
                .delays(Duration.ofSeconds(1), Duration.ofSeconds(10))
                .when(failure ->
                        failure instanceof CheckoutException e && e.failure().retryable())
                .call(attempt -> {
                    if (attempt > 1 && commit.equals(branches(repository).get(branch))) {
                        return null;
                    }
                    try {
                        client(repository)
                                .push()
                                .to(new URIish(url.text()))
                                .ref(commit + ":" + HEADS + branch)
                                .timeout(PUSH_MINUTES)
                                .execute();
                        return null;
                    } catch (URISyntaxException e) {
                        throw new AbortException(Messages.RepositoryUrl_Path());
                    } catch (GitException e) {
                        throw refusal(e, branch);
                    }
                });
    }

    /**
     * Fetches a branch.
     *
     * @param repository takes it; its settings must be trusted
     * @param refspec what is fetched, and the ref it is kept as
     * @param depth how many commits; 0 for as many as the repository lacks, {@link Integer#MAX_VALUE} for all that a shallow one lacks
     */
    public void fetch(FilePath repository, String refspec, int depth) throws IOException, InterruptedException {
        Retry.times(FETCH_ATTEMPTS, context.random())
                .delays(Duration.ofSeconds(1), Duration.ofSeconds(10))
                .when(failure ->
                        failure instanceof CheckoutException e && e.failure().retryable())
                .call(attempt -> {
                    try {
                        FetchCommand command = client(repository)
                                .fetch_()
                                .from(new URIish(url.text()), List.of(new RefSpec(refspec)))
                                .tags(false)
                                .timeout(FETCH_MINUTES);
                        (depth == 0
                                        ? command.shallow(false)
                                        : command.shallow(true).depth(depth))
                                .execute();
                        return null;
                    } catch (URISyntaxException e) {
                        throw new AbortException(Messages.RepositoryUrl_Path());
                    } catch (GitException e) {
                        throw failure(e);
                    }
                });
    }

    private IOException refusal(GitException e, String branch) throws InterruptedException {
        String said = Mirror.text(e);
        if (said.contains("[rejected]") || said.contains("non-fast-forward") || said.contains("fetch first")) {
            return new CheckoutException(GitFailure.OTHER, Messages.GitRemote_Moved(branch));
        }
        if (said.contains("[remote rejected]")) {
            return new CheckoutException(
                    GitFailure.FORBIDDEN, Messages.GitRemote_Refused(branch, GitFailure.essence(said)));
        }
        return failure(e);
    }

    private CheckoutException failure(GitException e) throws InterruptedException {
        if (Thread.interrupted()) {
            throw (InterruptedException) new InterruptedException().initCause(e);
        }
        return checkout.failure(GitFailure.of(Mirror.text(e)), Mirror.text(e), List.of());
    }

    private GitClient client(FilePath folder) throws IOException, InterruptedException {
        GitClient client =
                Git.with(context.listener(), environment).in(folder).using(exe).getClient();
        if (credential != null) {
            client.addDefaultCredentials(credential);
        }
        return client;
    }
}
