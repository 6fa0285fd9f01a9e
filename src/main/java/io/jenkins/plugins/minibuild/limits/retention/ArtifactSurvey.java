package io.jenkins.plugins.minibuild.limits.retention;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import jenkins.util.VirtualFile;

/**
 * What a build's artifacts are, asked from whatever manager keeps them.
 *
 * @param files how many there are
 * @param bytes of all of them
 * @param ours how many of them the plugin made
 * @param kind of the artifacts if all are the plugin's: previews only, or others too; null if there are other ones, or none at all
 */
record ArtifactSurvey(
        long files, long bytes, long ours, @CheckForNull RetentionPlan.Kind kind) {

    /** The deepest folder that is looked into. */
    private static final int DEEPEST = 64;

    static ArtifactSurvey of(VirtualFile root) throws IOException {
        Count count = new Count();
        count.add(root, "", 0);
        RetentionPlan.Kind kind = null;
        if (count.files > 0 && count.ours == count.files) {
            kind = count.kinds.contains(RetentionPlan.Kind.OUTPUT)
                    ? RetentionPlan.Kind.OUTPUT
                    : RetentionPlan.Kind.PREVIEW;
        }
        return new ArtifactSurvey(count.files, count.bytes, count.ours, kind);
    }

    private static final class Count {
        private final Set<RetentionPlan.Kind> kinds = EnumSet.noneOf(RetentionPlan.Kind.class);
        private long files;
        private long bytes;
        private long ours;

        void add(VirtualFile folder, String path, int depth) throws IOException {
            for (VirtualFile each : depth < DEEPEST ? folder.list() : new VirtualFile[0]) {
                String inside = path + each.getName();
                if (each.isDirectory()) {
                    add(each, inside + "/", depth + 1);
                } else {
                    files++;
                    bytes += each.length();
                    RetentionPlan.Kind kind = StoredFiles.ofArtifact(inside);
                    if (kind != null) {
                        ours++;
                        kinds.add(kind);
                    }
                }
            }
        }
    }
}
