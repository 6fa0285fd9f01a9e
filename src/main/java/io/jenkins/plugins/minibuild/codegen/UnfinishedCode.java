package io.jenkins.plugins.minibuild.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.checkout.RefName;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.files.StoredFile;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A note on the controller: code is being generated in a work tree. The note is deleted when that ends. A killed controller leaves the note, and so
 * does work whose agent is lost; the work can be kept later by it.
 *
 * @param file of the note
 * @param build as Jenkins names it, {@code team/shop#12}
 * @param patch the artifact's name
 * @param agentLost whether the agent was lost; otherwise the controller was killed
 */
public record UnfinishedCode(
        Path file,
        String build,
        Checkout checkout,
        Start start,
        Credentials credentials,
        String patch,
        boolean agentLost) {

    /**
     * Where the work tree is.
     *
     * @param agent its name; empty for the controller's own node
     * @param workspace its path there
     * @param directory below the workspace; empty for the workspace itself
     */
    public record Checkout(String agent, String workspace, String directory) {}

    /**
     * The commit that the work began at.
     *
     * @param url of the repository, without credentials
     * @param shallow see {@link ChangeRecorder#shallow}
     */
    record Start(String url, String commit, List<String> shallow) {
        /** Copies the list. */
        Start {
            shallow = List.copyOf(shallow);
        }
    }

    /** The credentials whose secrets must not be kept; an id is empty for none. */
    record Credentials(String git, String key) {}

    /** The notes of the work that goes on in this process of the controller. */
    private static final Set<Path> GOING_ON = ConcurrentHashMap.newKeySet();

    static UnfinishedCode begin(BuildContext context, CodegenRequest request, String keyCredentialsId, Start start)
            throws IOException {
        UnfinishedCode work = new UnfinishedCode(
                folder(context.controllerFolder()).resolve(UUID.randomUUID() + ".json"),
                context.record().id(),
                new Checkout(
                        context.agent(),
                        context.workspace().getRemote(),
                        request.repository().directory()),
                start,
                new Credentials(request.repository().credentialsId(), keyCredentialsId),
                request.publication().patch(),
                false);
        GOING_ON.add(work.file);
        work.write(false);
        return work;
    }

    /** The folder for what the work needs besides the work tree, in the temporary folder of the same workspace; no other work uses it. */
    FilePath scratch(BuildContext context) {
        return context.temp()
                .child("mini-build-codegen-" + file.getFileName().toString().replace(".json", ""));
    }

    private void write(boolean lost) throws IOException {
        ObjectNode json = Json.MAPPER
                .createObjectNode()
                .put("build", build)
                .put("agent", checkout.agent)
                .put("workspace", checkout.workspace)
                .put("directory", checkout.directory)
                .put("url", start.url)
                .put("commit", start.commit)
                .put("patch", patch)
                .put("gitCredentialsId", credentials.git)
                .put("keyCredentialsId", credentials.key)
                .put("agentLost", lost);
        start.shallow.forEach(json.putArray("shallow")::add);
        StoredFile.replace(file, Json.bytes(json));
    }

    private static Path folder(Path controllerFolder) {
        return controllerFolder.resolve("codegen-open");
    }

    /** The work that an earlier process of the controller left, and work whose agent is lost; the build may have ended or go on. */
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
            StoredFile.readOrSetAside(file, content -> parse(file, Json.parse(content)))
                    .ifPresent(left::add);
        }
        return left;
    }

    private static UnfinishedCode parse(Path file, JsonNode json) throws IOException {
        List<String> shallow = new ArrayList<>();
        json.path("shallow").forEach(each -> shallow.add(each.asText()));
        Start start = new Start(json.path("url").asText(), json.path("commit").asText(), shallow);
        if (!RefName.isCommit(start.commit) || !shallow.stream().allMatch(RefName::isCommit)) {
            throw new IOException("it names no commit");
        }
        return new UnfinishedCode(
                file,
                json.path("build").asText(),
                new Checkout(
                        json.path("agent").asText(),
                        json.path("workspace").asText(),
                        json.path("directory").asText()),
                start,
                new Credentials(
                        json.path("gitCredentialsId").asText(),
                        json.path("keyCredentialsId").asText()),
                json.path("patch").asText(),
                json.path("agentLost").asBoolean());
    }

    /** Leaves the note because the agent is lost: the work is kept when the agent is back. */
    void leave() throws IOException {
        write(true);
        GOING_ON.remove(file);
    }

    /** Whether the note is still there: the work was not kept yet. */
    public boolean isOpen() {
        return Files.exists(file);
    }

    /** Deletes the note: there is nothing left to keep. */
    public void end() throws IOException {
        GOING_ON.remove(file);
        Files.deleteIfExists(file);
    }
}
