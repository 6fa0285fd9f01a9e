package io.jenkins.plugins.minibuild.limits.retention;

import java.io.IOException;
import java.nio.file.Path;

/** Tells the tests of other rooms what the retention may delete. */
public final class Retained {
    private Retained() {}

    /** Whether everything in the plugin's folder of a build goes only with the build, and there is something. */
    public static boolean onlyWithTheBuild(Path build) throws IOException {
        var kinds = StoredFiles.ofBuild(build).values();
        return !kinds.isEmpty() && kinds.stream().allMatch(RetentionPlan.Kind.EVIDENCE::equals);
    }
}
