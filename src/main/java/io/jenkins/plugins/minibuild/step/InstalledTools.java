package io.jenkins.plugins.minibuild.step;

import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.files.NewestFiles;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What was installed on which agent, as the controller remembers it: builds on the agent can write to its folders, and a tool is given secrets. Safe for
 * several threads.
 */
public final class InstalledTools {
    private static final int MOST = 2000;

    private final NewestFiles files;

    /** @param folder on the controller; need not exist */
    public InstalledTools(Path folder) {
        this.files = new NewestFiles(folder, MOST);
    }

    /** Whether a folder holds what was installed there as this version, and nothing else. */
    boolean holds(String agent, FilePath home, String version) throws IOException, InterruptedException {
        Optional<Installed> installed = files.find(key(agent, home), Installed::parse);
        if (installed.isEmpty() || !installed.get().version().equals(version)) {
            return false;
        }
        ToolTree.Listing now =
                AgentAnswer.act(home, ToolTree.since(installed.get().stamp()), ToolTree.Listing.class);
        if (!now.stamp().isEmpty() && now.stamp().equals(installed.get().stamp())) {
            return true;
        }
        if (!now.digest().equals(installed.get().digest())) {
            return false;
        }
        put(agent, home, new Installed(version, now.stamp(), now.digest()));
        return true;
    }

    /** Whether something was installed there as this version. */
    boolean knows(String agent, FilePath home, String version) throws IOException {
        return files.find(key(agent, home), Installed::parse)
                .filter(each -> each.version().equals(version))
                .isPresent();
    }

    /** Makes a folder read-only and remembers what is in it. */
    void remember(String agent, FilePath home, String version) throws IOException, InterruptedException {
        ToolTree.Listing now = AgentAnswer.act(home, ToolTree.sealed(), ToolTree.Listing.class);
        if (now.digest().isEmpty()) {
            throw new AbortException(Messages.NpmTool_gone(home.getRemote()));
        }
        put(agent, home, new Installed(version, now.stamp(), now.digest()));
    }

    /**
     * Compares the integrity of a package with the one that it had the first time, on whichever agent.
     *
     * @param what package and version
     * @throws AbortException if they differ
     */
    void checkIntegrity(String what, String integrity) throws IOException {
        String key = "integrity-" + Digest.sha256Hex(what).substring(0, 40);
        String first = files.find(
                        key, bytes -> Json.parse(bytes).path("integrity").asText())
                .orElse(integrity);
        if (!first.equals(integrity)) {
            throw new AbortException(Messages.NpmTool_integrity(what, integrity, first));
        }
        files.put(key, Json.bytes(Map.of("what", what, "integrity", first)));
    }

    private void put(String agent, FilePath home, Installed installed) throws IOException {
        files.put(key(agent, home), Json.bytes(installed));
    }

    private static String key(String agent, FilePath home) {
        return Digest.ofParts(agent, home.getRemote()).substring(0, 40);
    }

    private record Installed(String version, String stamp, String digest) {
        static Installed parse(byte[] bytes) throws IOException {
            return Json.MAPPER.readValue(bytes, Installed.class);
        }
    }
}
