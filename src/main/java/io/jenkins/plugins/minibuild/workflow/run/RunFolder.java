package io.jenkins.plugins.minibuild.workflow.run;

import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.files.StoredFile;
import io.jenkins.plugins.minibuild.workflow.plan.Plan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is kept of a run of a workflow, in {@code mini-build/workflow-N/} of its build: {@code workflow.yaml} (what ran), {@code plan.json}, {@code journal.jsonl} (an {@link Entry} a
 * line) and {@code logs/JOB/STEP.log} by their numbers in the plan. Files are only added to, or replaced as a whole.
 *
 * @param path of the folder
 * @param number from 1; a build can run several workflows
 */
public record RunFolder(Path path, int number) {
    private static final String PREFIX = "workflow-";
    /** More than any build has; a folder with a longer name is none of ours. */
    private static final String NAME = PREFIX + "[1-9][0-9]{0,5}";

    /** The folders of a build in their order; empty if it has none. */
    public static List<RunFolder> all(Path build) throws IOException {
        List<RunFolder> found = new ArrayList<>();
        if (!Files.isDirectory(build)) {
            return found;
        }
        try (DirectoryStream<Path> each = Files.newDirectoryStream(build, PREFIX + "*")) {
            for (Path path : each) {
                String name = path.getFileName().toString();
                if (name.matches(NAME) && Files.isRegularFile(path.resolve("plan.json"))) {
                    found.add(new RunFolder(path, Integer.parseInt(name.substring(PREFIX.length()))));
                }
            }
        }
        found.sort(Comparator.comparingInt(RunFolder::number));
        return found;
    }

    /** The folder of a number; it may not be there. */
    public static RunFolder of(Path build, int number) {
        return new RunFolder(build.resolve(PREFIX + number), number);
    }

    /** Makes the next folder of a build, with the YAML and the plan in it. */
    public static RunFolder create(Path build, String yaml, Plan plan) throws IOException {
        Files.createDirectories(build);
        int number = 1;
        while (true) {
            Path path = build.resolve(PREFIX + number);
            try {
                Files.createDirectory(path);
            } catch (FileAlreadyExistsException e) {
                number++;
                continue;
            }
            RunFolder folder = new RunFolder(path, number);
            StoredFile.replace(path.resolve("workflow.yaml"), yaml.getBytes(StandardCharsets.UTF_8));
            StoredFile.replace(path.resolve("plan.json"), Json.bytes(plan));
            return folder;
        }
    }

    /** The YAML that ran. */
    public String yaml() throws IOException {
        return Files.readString(path.resolve("workflow.yaml"));
    }

    /** The plan. */
    public Plan plan() throws IOException {
        return Json.MAPPER.readValue(path.resolve("plan.json").toFile(), Plan.class);
    }

    /** Where the journal is. */
    public Path journal() {
        return path.resolve("journal.jsonl");
    }

    /**
     * Where the log of a step is; its folder may not be there.
     *
     * @param job its index in the plan
     * @param step its index in the job
     */
    public Path log(int job, int step) {
        return path.resolve("logs").resolve(String.valueOf(job)).resolve(step + ".log");
    }

    /** How the run stands, by its journal. */
    public RunState state(Plan plan) throws IOException {
        RunState state = new RunState(plan);
        for (Entry entry : Journal.read(journal(), 0)) {
            state.apply(entry);
        }
        return state;
    }
}
