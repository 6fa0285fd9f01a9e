package io.jenkins.plugins.minibuild.codegen;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.checkout.RefName;
import io.jenkins.plugins.minibuild.files.StoredFile;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * A note on the controller that code is being written in a work tree. It is there while that goes on; a controller that is killed meanwhile leaves
 * it, and so does work whose agent went away. From it the work can be kept afterwards.
 *
 * @param file of the note
 * @param build as Jenkins names it, {@code team/shop#12}
 * @param agent its name; empty for the controller's own node
 * @param workspace its path there
 * @param directory below the workspace; empty for the workspace itself
 * @param url of the repository, without credentials
 * @param commit that the work began at
 * @param shallow as {@link ChangeRecorder#shallow} answered before
 * @param patch the artifact's name
 * @param gitCredentialsId whose secrets must not be kept; may be empty
 * @param keyCredentialsId a secret text that must not be kept; may be empty
 * @param agentLost whether the agent went away; otherwise it was the controller
 */
public record UnfinishedCode(
        Path file,
        String build,
        String agent,
        String workspace,
        String directory,
        String url,
        String commit,
        List<String> shallow,
        String patch,
        String gitCredentialsId,
        String keyCredentialsId,
        boolean agentLost) {
    private static final Logger LOGGER = Logger.getLogger(UnfinishedCode.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The notes of what goes on in this life of the controller. */
    private static final Set<Path> GOING_ON = ConcurrentHashMap.newKeySet();

    static UnfinishedCode begin(
            BuildContext context,
            CodegenRequest request,
            String keyCredentialsId,
            String url,
            String commit,
            List<String> shallow)
            throws IOException {
        UnfinishedCode work = new UnfinishedCode(
                folder(context.controllerFolder()).resolve(UUID.randomUUID() + ".json"),
                context.record().id(),
                context.agent(),
                context.workspace().getRemote(),
                request.repository().directory(),
                url,
                commit,
                List.copyOf(shallow),
                request.publication().patch(),
                request.repository().credentialsId(),
                keyCredentialsId,
                false);
        GOING_ON.add(work.file);
        work.write(false);
        return work;
    }

    private void write(boolean lost) throws IOException {
        ObjectNode json = JSON.createObjectNode()
                .put("build", build)
                .put("agent", agent)
                .put("workspace", workspace)
                .put("directory", directory)
                .put("url", url)
                .put("commit", commit)
                .put("patch", patch)
                .put("gitCredentialsId", gitCredentialsId)
                .put("keyCredentialsId", keyCredentialsId)
                .put("agentLost", lost);
        shallow.forEach(json.putArray("shallow")::add);
        StoredFile.replace(file, JSON.writeValueAsString(json).getBytes(StandardCharsets.UTF_8));
    }

    private static Path folder(Path controllerFolder) {
        return controllerFolder.resolve("codegen-open");
    }

    /** What an earlier life of the controller left, or work whose agent went away; whatever became of its build. */
    public static List<UnfinishedCode> left(Path controllerFolder) throws IOException {
        Path folder = folder(controllerFolder);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(".json") && !GOING_ON.contains(file))
                    .sorted()
                    .toList();
        }
        List<UnfinishedCode> left = new ArrayList<>();
        for (Path file : files) {
            UnfinishedCode work = read(file);
            if (work != null) {
                left.add(work);
            }
        }
        return left;
    }

    @CheckForNull
    private static UnfinishedCode read(Path file) throws IOException {
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(file));
            List<String> shallow = new ArrayList<>();
            json.path("shallow").forEach(each -> shallow.add(each.asText()));
            UnfinishedCode work = new UnfinishedCode(
                    file,
                    json.path("build").asText(),
                    json.path("agent").asText(),
                    json.path("workspace").asText(),
                    json.path("directory").asText(),
                    json.path("url").asText(),
                    json.path("commit").asText(),
                    shallow,
                    json.path("patch").asText(),
                    json.path("gitCredentialsId").asText(),
                    json.path("keyCredentialsId").asText(),
                    json.path("agentLost").asBoolean());
            if (RefName.isCommit(work.commit) && shallow.stream().allMatch(RefName::isCommit)) {
                return work;
            }
        } catch (NoSuchFileException e) {
            // ended a moment ago
            return null;
        } catch (JsonProcessingException e) {
            LOGGER.log(Level.FINE, "Not a note of ours: " + file, e);
        }
        Files.deleteIfExists(file);
        return null;
    }

    /** The agent went away with what was written: it is kept when the agent is back. */
    void leave() throws IOException {
        write(true);
        GOING_ON.remove(file);
    }

    /** Whether nobody has kept it yet. */
    public boolean isOpen() {
        return Files.exists(file);
    }

    /** There is nothing to keep any more. */
    public void end() throws IOException {
        GOING_ON.remove(file);
        Files.deleteIfExists(file);
    }
}
