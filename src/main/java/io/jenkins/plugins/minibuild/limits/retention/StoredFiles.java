package io.jenkins.plugins.minibuild.limits.retention;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What the plugin keeps in the folder of a build. An agent can put links among the artifacts of its builds; none is followed.
 */
final class StoredFiles {
    private static final String OUTPUT = "mini-build";
    private static final String ARCHIVE = "archive";

    /** The folders among the artifacts in which only the plugin writes. */
    private static final List<String> OURS = List.of("miniprogram", "mini-build");

    /** What the plugin writes into a folder that others may use too. */
    private static final String PROFILE = "claude/repository-profile.json";

    /** The reports of aiReview and the approvals of humanReview, each with its diff; damaged ones that were set aside, too. */
    private static final Pattern EVIDENCE = Pattern.compile("(human-)?review-[0-9]+\\.(json|diff).*");

    private StoredFiles() {}

    /**
     * The entries of the plugin's folder in a build, and of its folder among the artifacts, by the path below the build's folder. The plugin's folder
     * itself where it holds no evidence, so that it goes as a whole.
     *
     * @param build it need not exist
     */
    static Map<String, RetentionPlan.Kind> ofBuild(Path build) throws IOException {
        Map<String, RetentionPlan.Kind> kinds = new TreeMap<>();
        for (Path entry : FileTree.list(build.resolve(OUTPUT))) {
            String name = entry.getFileName().toString();
            kinds.put(
                    OUTPUT + "/" + name,
                    EVIDENCE.matcher(name).matches() ? RetentionPlan.Kind.EVIDENCE : RetentionPlan.Kind.OUTPUT);
        }
        if (!kinds.containsValue(RetentionPlan.Kind.EVIDENCE)) {
            kinds.clear();
            if (Files.isDirectory(build.resolve(OUTPUT), LinkOption.NOFOLLOW_LINKS)) {
                kinds.put(OUTPUT, RetentionPlan.Kind.OUTPUT);
            }
        }
        Path archive = build.resolve(ARCHIVE);
        if (Files.isDirectory(archive, LinkOption.NOFOLLOW_LINKS)) {
            for (String folder : OURS) {
                for (Path entry : FileTree.list(archive.resolve(folder))) {
                    String inside = folder + "/" + entry.getFileName();
                    kinds.put(ARCHIVE + "/" + inside, ofArtifact(inside));
                }
            }
            if (FileTree.list(archive.resolve("claude")).contains(archive.resolve(PROFILE))) {
                kinds.put(ARCHIVE + "/" + PROFILE, RetentionPlan.Kind.OUTPUT);
            }
        }
        return kinds;
    }

    /**
     * What an artifact of that path is; null if it is not the plugin's. The patches of code generations and the reports of reviews as SARIF are copies of
     * what is evidence: the evidence itself is no artifact.
     */
    @CheckForNull
    static RetentionPlan.Kind ofArtifact(String path) {
        if (path.startsWith("miniprogram/preview-")) {
            return RetentionPlan.Kind.PREVIEW;
        }
        boolean ours = path.equals(PROFILE) || OURS.stream().anyMatch(folder -> path.startsWith(folder + "/"));
        return ours ? RetentionPlan.Kind.OUTPUT : null;
    }

    /** Deletes what {@link #ofBuild} found; a link as a link, and nothing if there is a link on the way to it. */
    static void delete(Path build, String inside) throws IOException {
        int name = inside.lastIndexOf('/');
        Path folder = name < 0 ? build : FileTree.below(build, inside.substring(0, name));
        FileTree.delete(folder.resolve(inside.substring(name + 1)));
    }
}
