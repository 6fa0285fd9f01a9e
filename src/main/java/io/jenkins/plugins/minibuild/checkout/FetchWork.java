package io.jenkins.plugins.minibuild.checkout;

import hudson.Launcher;
import hudson.model.TaskListener;
import hudson.plugins.git.GitException;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.checkout.FetchOutcome.TargetProblem;
import io.jenkins.plugins.minibuild.files.FileTree;
import io.jenkins.plugins.minibuild.files.FolderLock;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jenkins.agents.ControllerToAgentFileCallable;
import org.jenkinsci.plugins.gitclient.GitClient;

/**
 * Fetches into the mirror and gives the workspace a repository with its objects, on the agent, under the mirror's lock, so that no other build
 * removes objects in between.
 */
final class FetchWork implements ControllerToAgentFileCallable<FetchOutcome> {
    private static final long serialVersionUID = 1L;
    private static final Duration PATIENCE = Duration.ofHours(1);
    private static final Duration UNUSED_MIRRORS = Duration.ofDays(30);
    /** More packs than this make git slow. */
    private static final int MOST_PACKS = 50;

    /**
     * The tools on the agent.
     *
     * @param mirror git in the mirror, with the build's credential
     * @param stage git in {@link TargetFolder#stage}, without a credential
     */
    record Tools(GitClient mirror, GitClient stage, String exe, TaskListener listener) implements Serializable {}

    private final Tools tools;
    private final CheckoutRequest request;
    private final String workspace;
    private final String target;
    private final boolean careful;
    private final boolean rebuild;

    /**
     * The file it is called on is the mirror.
     *
     * @param careful whether an earlier attempt broke off
     * @param rebuild whether the mirror was found to be broken
     */
    FetchWork(Tools tools, CheckoutRequest request, String workspace, String target, boolean careful, boolean rebuild) {
        this.tools = tools;
        this.request = request;
        this.workspace = workspace;
        this.target = target;
        this.careful = careful;
        this.rebuild = rebuild;
    }

    @Override
    public FetchOutcome invoke(File file, VirtualChannel channel) throws IOException, InterruptedException {
        TargetFolder folder = new TargetFolder(Path.of(target), request.url());
        FetchOutcome refusal =
                folder.prepare(Path.of(workspace), request.target().force());
        if (refusal != null) {
            return refusal;
        }
        Path path = file.toPath();
        Files.createDirectories(path.getParent());
        Mirror.deleteUnused(path.getParent().toFile(), UNUSED_MIRRORS);
        Mirror mirror = new Mirror(path, request.url(), tools.mirror(), tools.listener());
        try (FolderLock lock = FolderLock.acquire(Mirror.lockFile(path), PATIENCE, () -> tools.listener()
                .getLogger()
                .println(Messages.Mirror_Waiting()))) {
            if (lock == null) {
                return FetchOutcome.refused(TargetProblem.MIRROR_BUSY, path.toString(), List.of());
            }
            return fetch(mirror, folder);
        }
    }

    private FetchOutcome fetch(Mirror mirror, TargetFolder folder) throws IOException, InterruptedException {
        try {
            if (rebuild) {
                mirror.drop();
            }
            FetchOutcome outcome = attempt(mirror);
            if (outcome.failure() == null && outcome.problem() == null) {
                folder.install(
                        tools.stage(),
                        mirror,
                        outcome.commit(),
                        outcome.branch(),
                        request.content().submodules());
                tidy(mirror);
            }
            return outcome.in(folder.isFresh());
        } catch (GitException e) {
            if (Thread.interrupted()) {
                throw (InterruptedException) new InterruptedException().initCause(e);
            }
            return FetchOutcome.failed(GitFailure.of(Mirror.text(e)), Mirror.text(e), List.of());
        } finally {
            FileTree.delete(mirror.temporary());
        }
    }

    private FetchOutcome attempt(Mirror mirror) throws IOException, InterruptedException {
        mirror.open();
        try {
            return mirror.fetch(
                    request.revision().ref(),
                    request.revision().commit(),
                    request.content().depth(),
                    careful);
        } catch (GitException e) {
            GitFailure failure = GitFailure.of(Mirror.text(e));
            if (failure != GitFailure.BROKEN && failure != GitFailure.OTHER) {
                throw e;
            }
            // An error that git does not explain comes from a broken mirror more often than from the server: try a new
            // mirror.
            tools.listener().getLogger().println(Messages.Mirror_Rebuilt());
            mirror.drop();
            mirror.open();
            return mirror.fetch(
                    request.revision().ref(),
                    request.revision().commit(),
                    request.content().depth(),
                    careful);
        }
    }

    private void tidy(Mirror mirror) throws IOException, InterruptedException {
        if (mirror.packCount() <= MOST_PACKS) {
            return;
        }
        mirror.prune();
        tools.listener().getLogger().println(Messages.Mirror_Tidying());
        ProcessRun.command(new Launcher.LocalLauncher(tools.listener()), tools.exe(), "gc", "--quiet", "--prune=now")
                .in(new hudson.FilePath(mirror.folder().toFile()))
                .deadline(Deadline.after(Duration.ofMinutes(30)))
                .run();
    }
}
