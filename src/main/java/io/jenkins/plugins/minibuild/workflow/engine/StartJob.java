package io.jenkins.plugins.minibuild.workflow.engine;

import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.process.DetachedProcess;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import jenkins.MasterToSlaveFileCallable;

/** Makes the folder of a job and starts its process, unless it was started before. Answers whether it has started one. */
final class StartJob extends MasterToSlaveFileCallable<Boolean> {
    private static final long serialVersionUID = 1L;

    /** Holds the folders of jobs, in the folder for temporary files. */
    static final String FOLDER = "mini-build-workflow";

    private final String id;
    private final String script;
    private final Map<String, String> values;
    private final List<String> engines;
    private final Map<String, String> environment;

    StartJob(String id, JobScript script, Map<String, String> environment) {
        this.id = id;
        this.script = script.text();
        this.values = new HashMap<>(script.values());
        this.engines = List.copyOf(script.engines());
        this.environment = new HashMap<>(environment);
    }

    @Override
    public Boolean invoke(File temp, VirtualChannel channel) throws IOException {
        Path folder = temp.toPath().resolve(FOLDER).resolve(id);
        if (Files.exists(folder.resolve("claim"), LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        Files.createDirectories(temp.toPath());
        for (Path each : List.of(folder.getParent(), folder, folder.resolve("io"))) {
            try {
                Files.createDirectory(
                        each, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (FileAlreadyExistsException e) {
                // Another start of this or of another job has made it.
            }
        }
        if (!engines.isEmpty()) {
            Files.write(folder.resolve("engines"), engines, StandardCharsets.UTF_8);
        }
        // A name of its own: a shell reads its script while it runs, so the script of an earlier start is not touched.
        Path file = folder.resolve("job-" + UUID.randomUUID() + ".sh");
        Files.writeString(file, script, StandardOpenOption.CREATE_NEW);
        Map<String, String> own = new HashMap<>(values);
        own.put(JobScript.RUNNER, id);
        Map<String, String> overrides = new HashMap<>(environment);
        // Not what an agent has that is itself a child of a step.
        for (String name : System.getenv().keySet()) {
            if (name.startsWith(JobScript.VALUE) || name.equals(JobScript.MARK)) {
                overrides.put(name, "");
            }
        }
        DetachedProcess.start(List.of("/bin/sh", file.toString(), folder.toString(), id), overrides, own, folder);
        return true;
    }
}
