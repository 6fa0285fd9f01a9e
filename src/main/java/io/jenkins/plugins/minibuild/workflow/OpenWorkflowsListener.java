package io.jenkins.plugins.minibuild.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import hudson.Extension;
import hudson.model.Computer;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.ItemListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.StreamTaskListener;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.files.StoredFile;
import io.jenkins.plugins.minibuild.language.BoundLocale;
import io.jenkins.plugins.minibuild.language.LanguageAdapter;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.workflow.run.RunFolder;
import io.jenkins.plugins.minibuild.workflow.run.WorkflowRun;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * Ends the workflows of freestyle builds that a crash of the controller ended: Jenkins does not go on with such a build, so nothing of it may go on on agents. Which
 * ones run is kept in {@code mini-build/workflow-open} in JENKINS_HOME.
 */
@Extension
public final class OpenWorkflowsListener extends ItemListener {
    private static final Logger LOGGER = Logger.getLogger(OpenWorkflowsListener.class.getName());

    private static Path folder() {
        return Jenkins.get().getRootDir().toPath().resolve("mini-build/workflow-open");
    }

    private static Path file(Run<?, ?> run, int number) {
        return folder().resolve(Digest.sha256Hex(run.getExternalizableId() + " " + number)
                        .substring(0, 32) + ".json");
    }

    /** A workflow begins whose build does not outlive the controller. */
    static void opened(Run<?, ?> run, int number, BuildContext own) throws IOException {
        // Jenkins stores a build when it ends; one that was never stored is gone after a crash, and with it all that is
        // known of its workflow.
        run.save();
        Files.createDirectories(folder());
        StoredFile.replace(
                file(run, number),
                Json.bytes(Map.of(
                        "run", run.getExternalizableId(),
                        "number", number,
                        "agent", own.agent(),
                        "workspace", own.workspace().getRemote())));
    }

    /** It has ended. */
    static void closed(Run<?, ?> run, int number) {
        try {
            Files.deleteIfExists(file(run, number));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "A workflow that has ended is kept as one that runs", e);
        }
    }

    @Override
    public void onLoaded() {
        Computer.threadPoolForRemoting.execute(OpenWorkflowsListener::endAll);
    }

    private static void endAll() {
        if (!Files.isDirectory(folder())) {
            return;
        }
        try (ACLContext as = ACL.as2(ACL.SYSTEM2);
                DirectoryStream<Path> all = Files.newDirectoryStream(folder(), "*.json")) {
            for (Path each : all) {
                try {
                    end(each);
                } catch (IOException | RuntimeException e) {
                    LOGGER.log(Level.WARNING, "The workflow of a build that a crash ended may go on: " + each, e);
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Workflows of builds that a crash ended may go on", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(Path file) throws IOException, InterruptedException {
        JsonNode open = Json.parse(Files.readAllBytes(file));
        Run<?, ?> run = Run.fromExternalizableId(open.path("run").asText());
        int number = open.path("number").asInt();
        RunFolder stored = run == null ? null : RunFolder.of(WorkflowBuildAdapter.folder(run), number);
        if (stored == null || !Files.exists(stored.journal())) {
            Files.deleteIfExists(file);
            return;
        }
        String agent = open.path("agent").asText();
        String workspace = open.path("workspace").asText();
        TaskListener log = new StreamTaskListener(OutputStream.nullOutputStream(), StandardCharsets.UTF_8);
        try (BoundLocale spoken = LanguageAdapter.bind(run)) {
            WorkflowRun live = WorkflowBuildAdapter.begin(
                    run,
                    stored,
                    () -> WorkflowBuildAdapter.place(run, agent, workspace, run.getEnvironment(log), log),
                    List.of(),
                    log,
                    (state, text) -> closed(run, number));
            live.abort(Messages.OpenWorkflowsListener_crash());
        }
    }
}
