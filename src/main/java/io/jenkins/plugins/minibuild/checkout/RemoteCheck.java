package io.jenkins.plugins.minibuild.checkout;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.plugins.git.GitException;
import hudson.util.StreamTaskListener;
import io.jenkins.plugins.minibuild.files.FileTree;
import io.jenkins.plugins.minibuild.process.Redactor;
import io.jenkins.plugins.minibuild.step.Services;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.jenkinsci.plugins.gitclient.Git;
import org.jenkinsci.plugins.gitclient.GitClient;

/** Asks a repository from the controller whether a credential reads it and whether it has a branch, without fetching anything. */
public final class RemoteCheck {

    private static final String HEADS = "refs/heads/";
    private static final String TAGS = "refs/tags/";

    private RemoteCheck() {}

    /**
     * Asks the server, which has to be a known service: others are asked on agents only. The caller has checked that the user may send the credential there.
     *
     * @param branch a branch, a tag or a whole ref name, as the checkout takes it; null or empty for the default branch
     * @param credential null for none
     * @return the name
     * @throws AbortException with a message for the user, also when the limit passes
     * @throws IllegalArgumentException when the address or the branch cannot be one
     */
    public static String branch(
            Services services,
            String url,
            @CheckForNull String branch,
            @CheckForNull StandardCredentials credential,
            Duration limit)
            throws IOException, InterruptedException {
        GitCheckout checkout = GitCheckout.of(url)
                .branch(branch)
                .credentialsId(credential == null ? "" : credential.getId())
                .build();
        RepositoryUrl address = RepositoryUrl.parse(url);
        if (address.transport() == RepositoryUrl.Transport.LOCAL) {
            throw new AbortException(Messages.GitCheckout_LocalRefused());
        }
        ForgeAccess.forge(services, address);
        StandardCredentials usable = credential == null ? null : checkout.usable(credential, new Redactor());
        FutureTask<String> asking = new FutureTask<>(() -> ask(checkout, address, branch, usable));
        Thread thread = new Thread(asking, "asking " + address.host());
        thread.setDaemon(true);
        thread.start();
        try {
            return asking.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AbortException(Messages.RemoteCheck_timeout(address.text(), Long.toString(limit.toSeconds())));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException known) {
                throw known;
            }
            throw new IOException(e.getCause());
        } finally {
            // Interrupted, git-client ends its git.
            asking.cancel(true);
        }
    }

    private static String ask(
            GitCheckout checkout,
            RepositoryUrl address,
            @CheckForNull String branch,
            @CheckForNull StandardCredentials credential)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("mini-build-check");
        try {
            EnvVars env = GitEnvironment.of(
                    new EnvVars(System.getenv()),
                    address,
                    credential instanceof com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey,
                    credential == null);
            GitClient client = Git.with(
                            new StreamTaskListener(OutputStream.nullOutputStream(), StandardCharsets.UTF_8), env)
                    .in(folder.toFile())
                    .using("git")
                    .getClient();
            if (credential != null) {
                client.addDefaultCredentials(credential);
            }
            if (branch == null || branch.isBlank()) {
                String head = client.getRemoteSymbolicReferences(address.text(), "HEAD")
                        .get("HEAD");
                if (head == null) {
                    throw new AbortException(Messages.GitCheckout_EmptyRepository(address.text()));
                }
                return head.startsWith(HEADS) ? head.substring(HEADS.length()) : head;
            }
            String name = branch.strip();
            Map<String, ObjectId> refs = client.getRemoteReferences(address.text(), null, false, false);
            if (Stream.of(HEADS + name, TAGS + name, name).noneMatch(refs::containsKey)) {
                List<String> near = refs.keySet().stream()
                        .filter(each -> each.startsWith(HEADS) || each.startsWith(TAGS))
                        .map(Mirror::shortName)
                        .distinct()
                        .filter(each -> RefName.distance(each, name) <= 3)
                        .limit(5)
                        .toList();
                throw checkout.failure(GitFailure.UNKNOWN_REF, name, near);
            }
            return name;
        } catch (GitException e) {
            throw checkout.failure(GitFailure.of(Mirror.text(e)), Mirror.text(e), List.of());
        } finally {
            FileTree.delete(folder);
        }
    }
}
