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
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * When an agent is there (again), keeps what builds had written on it that a death of the controller, or its own, ended. A Pipeline that goes on
 * after a restart does so by itself, when its step finds that it cannot; what a build leaves that goes on without its agent is kept when it ends.
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

    /** Keeps what is left on a node; not on this thread: neither an agent that comes online, nor Jenkins that starts, nor a build's end waits for it. */
    static void keepLater(Node node, Predicate<UnfinishedCode> which) throws IOException {
        List<UnfinishedCode> left = left().stream()
                .filter(work -> work.agent().equals(node.getNodeName()) && which.test(work))
                .toList();
        if (!left.isEmpty()) {
            Computer.threadPoolForRemoting.execute(() -> left.forEach(work -> keep(node, work)));
        }
    }

    /** All that is left of builds that ended or go on. */
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
        try (StreamTaskListener log = new StreamTaskListener(
                Files.newOutputStream(
                        run.getRootDir().toPath().resolve("log"), StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                StandardCharsets.UTF_8)) {
            PastBuildAdapter.run(run, node, work.workspace(), log, context -> {
                RunFolder.lose(context.record().folder());
                if (!work.isOpen()) {
                    // The end of the build and its agent's return may come at the same time.
                    return;
                }
                Job<?, ?> job = run.getParent();
                Run<?, ?> last = job.getLastBuild();
                if (last != null && last.getNumber() > run.getNumber()) {
                    // Whatever is in the workspace now may be the later build's.
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
