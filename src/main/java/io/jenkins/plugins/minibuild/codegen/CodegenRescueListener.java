package io.jenkins.plugins.minibuild.codegen;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Computer;
import hudson.model.Job;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.slaves.ComputerListener;
import hudson.util.StreamTaskListener;
import io.jenkins.plugins.minibuild.claude.RunFolder;
import io.jenkins.plugins.minibuild.step.PastBuildAdapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * When an agent connects, keeps the generated code that ended builds left on it: the controller was killed, or the agent was lost. A Pipeline that
 * resumes after a restart keeps its code itself; the code of a build that goes on without its agent is kept when the build ends. What is done is
 * logged in a file of the plugin, see {@link CodegenRescueAction}: the log of an ended build belongs to Jenkins.
 */
@Extension
public final class CodegenRescueListener extends ComputerListener {
    private static final Logger LOGGER = Logger.getLogger(CodegenRescueListener.class.getName());

    @Override
    public void onOnline(Computer computer, TaskListener listener) throws IOException, InterruptedException {
        Node node = computer.getNode();
        if (node != null) {
            keepLater(node, work -> true);
        }
    }

    /** Keeps the work that builds left on a node, on another thread: nothing that calls this has to wait. */
    static void keepLater(Node node, Predicate<UnfinishedCode> which) throws IOException {
        List<UnfinishedCode> left = left().stream()
                .filter(work -> work.checkout().agent().equals(node.getNodeName()) && which.test(work))
                .toList();
        if (!left.isEmpty()) {
            Computer.threadPoolForRemoting.execute(() -> left.forEach(work -> keep(node, work)));
        }
    }

    /** The work that all builds, ended or not, left on any node. */
    static List<UnfinishedCode> left() throws IOException {
        return UnfinishedCode.left(Jenkins.get().getRootDir().toPath().resolve("mini-build"));
    }

    private static void keep(Node node, UnfinishedCode work) {
        try {
            Run<?, ?> run = run(work.build());
            if (run == null) {
                work.end();
            } else if (!run.isBuilding()) {
                keep(node, run, work);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            // It is tried again when the agent is back the next time.
            LOGGER.log(Level.WARNING, "What " + work.build() + " had written is not kept yet", e);
        }
    }

    private static void keep(Node node, Run<?, ?> run, UnfinishedCode work) throws IOException, InterruptedException {
        Path file = CodegenRescueActionFactory.log(run);
        Files.createDirectories(file.getParent());
        try (StreamTaskListener log = new StreamTaskListener(
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                StandardCharsets.UTF_8)) {
            PastBuildAdapter.run(run, node, work.checkout().workspace(), log, context -> {
                RunFolder.lose(context.record().folder());
                if (!work.isOpen()) {
                    // The build ended while its agent connected: the other of the two events has kept it.
                    return;
                }
                Job<?, ?> job = run.getParent();
                Run<?, ?> last = job.getLastBuild();
                if (last != null && last.getNumber() > run.getNumber()) {
                    // The workspace may hold a later build's files.
                    Codegen.tooLate(context, work);
                } else {
                    Codegen.keepBrokenOff(context, work);
                }
            });
        }
    }

    @CheckForNull
    private static Run<?, ?> run(String id) {
        try {
            return Run.fromExternalizableId(id);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
