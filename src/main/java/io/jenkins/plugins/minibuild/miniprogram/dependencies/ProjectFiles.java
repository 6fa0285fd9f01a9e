package io.jenkins.plugins.minibuild.miniprogram.dependencies;

import hudson.AbortException;
import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.MasterToSlaveFileCallable;

/** What a folder of the workspace holds, as far as the checks before an upload need to know. Immutable. */
public final class ProjectFiles {
    private static final int MOST_NAMES = 1000;
    private static final int SHOWN_NAMES = 20;

    private final List<String> names;
    private final Map<String, String> texts;

    private ProjectFiles(Seen seen) {
        this.names = seen.names;
        this.texts = seen.texts;
    }

    /**
     * Looks into a folder.
     *
     * @param workspace where the path starts and what it must not leave, symbolic links included
     * @param path relative path of the folder; empty for the workspace
     * @param parameter the parameter that named it, for messages
     * @param texts the files of which the text is wanted; those that are missing or over 1 MB are left out
     * @throws AbortException when the folder is not there or is outside the workspace
     */
    public static ProjectFiles read(FilePath workspace, String path, String parameter, String... texts)
            throws IOException, InterruptedException {
        Seen seen = AgentAnswer.act(workspace, new Look(path, List.of(texts)), Seen.class);
        if (seen.outside) {
            throw new AbortException(Messages.MiniProgram_pathOutside(parameter, path));
        }
        if (!seen.exists) {
            ProjectFiles above = new ProjectFiles(AgentAnswer.act(workspace, new Look("", List.of()), Seen.class));
            throw new AbortException(Messages.ProjectFiles_noFolder(parameter, path, above.shown()));
        }
        return new ProjectFiles(seen);
    }

    public boolean isEmpty() {
        return names.isEmpty();
    }

    public boolean has(String name) {
        return names.contains(name);
    }

    /** The text of a file that {@link #read} was asked for; empty if the file is missing. */
    public String text(String name) {
        return texts.getOrDefault(name, "");
    }

    /** The names of some entries, folders with a slash, for messages. */
    public String shown() {
        if (names.isEmpty()) {
            return Messages.ProjectFiles_nothing();
        }
        String some = names.stream().limit(SHOWN_NAMES).collect(Collectors.joining(", "));
        return names.size() > SHOWN_NAMES ? some + ", ..." : some;
    }

    /** What an agent says about a folder. */
    private record Seen(boolean exists, boolean outside, List<String> names, Map<String, String> texts)
            implements Serializable {
        Seen {
            names = AgentAnswer.list("The list of files", names, String.class, MOST_NAMES);
            Map<String, String> checked = new LinkedHashMap<>();
            for (Map.Entry<?, ?> each : (texts == null ? Map.of() : texts).entrySet()) {
                if (!(each.getKey() instanceof String name) || !(each.getValue() instanceof String text)) {
                    throw new IllegalArgumentException("A text of a file is none");
                }
                checked.put(name, AgentAnswer.text("The text of a file", text, Look.LARGEST_TEXT));
            }
            texts = Collections.unmodifiableMap(checked);
        }
    }

    private static final class Look extends MasterToSlaveFileCallable<Seen> {
        private static final long serialVersionUID = 1L;
        private static final int LARGEST_TEXT = 1024 * 1024;

        private final String path;
        private final ArrayList<String> wanted;

        private Look(String path, List<String> wanted) {
            this.path = path;
            this.wanted = new ArrayList<>(wanted);
        }

        @Override
        public Seen invoke(File workspace, VirtualChannel channel) throws IOException {
            Path root = workspace.toPath().toRealPath();
            Path folder = path.isEmpty() ? root : root.resolve(path);
            ArrayList<String> names = new ArrayList<>();
            LinkedHashMap<String, String> texts = new LinkedHashMap<>();
            if (!Files.isDirectory(folder)) {
                return new Seen(false, false, names, texts);
            }
            if (!folder.toRealPath().startsWith(root)) {
                return new Seen(true, true, names, texts);
            }
            try (Stream<Path> entries = Files.list(folder)) {
                entries.limit(MOST_NAMES)
                        .map(entry -> Files.isDirectory(entry) ? name(entry) + "/" : name(entry))
                        .forEach(names::add);
            }
            Collections.sort(names);
            for (String name : wanted) {
                Path file = folder.resolve(name);
                if (Files.isRegularFile(file)
                        && Files.size(file) <= LARGEST_TEXT
                        && file.toRealPath().startsWith(root)) {
                    texts.put(name, new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
                }
            }
            return new Seen(true, false, names, texts);
        }

        private static String name(Path entry) {
            return String.valueOf(entry.getFileName()).replaceAll("\\p{Cntrl}", "?");
        }
    }
}
