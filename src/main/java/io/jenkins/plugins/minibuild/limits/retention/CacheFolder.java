package io.jenkins.plugins.minibuild.limits.retention;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The folders of an agent that hold caches. Nothing else below the agent's folder is one: that of the built-in node is JENKINS_HOME, whose
 * {@code mini-build} also holds data that cannot be made again.
 */
enum CacheFolder {
    /** Mirrors of repositories. The lock of an entry NAME is the file NAME.lock beside it. */
    MIRRORS("mirrors", "[0-9a-f]{40}\\.git"),
    /** Installed packages of projects. The lock of an entry NAME is the file locks/NAME beside the folder. */
    DEPENDENCIES("dependencies/entries", "[0-9a-f]{40}"),
    /** What workflows keep. The lock is as that of {@link #DEPENDENCIES}. */
    CACHES("caches/entries", "[0-9a-f]{40}");

    private final String path;
    private final Pattern names;

    CacheFolder(String path, String names) {
        this.path = "mini-build/" + path;
        this.names = Pattern.compile(names);
    }

    /** Where it is below the agent's folder, with slashes. */
    String path() {
        return path;
    }

    /** Whether an entry can have this name. */
    boolean accepts(String name) {
        return names.matcher(name).matches();
    }

    /**
     * The lock of an entry.
     *
     * @param folder this one, on the agent
     */
    Path lock(Path folder, String name) {
        return this == MIRRORS
                ? folder.resolve(name + ".lock")
                : folder.resolveSibling("locks").resolve(name);
    }
}
