package io.jenkins.plugins.minibuild.workflow.model;

import io.jenkins.plugins.minibuild.workflow.expression.Template;
import java.util.List;

/**
 * Folders that the agent keeps from one build to the next. Immutable.
 *
 * @param key names the contents; the agent keeps each key once and never changes it
 * @param files whose contents are a part of the key, such as {@code package-lock.json}; patterns
 * @param paths below the workspace
 */
public record Cache(Template key, List<String> files, List<String> paths) {
    /** Copies the lists. */
    public Cache {
        files = List.copyOf(files);
        paths = List.copyOf(paths);
    }
}
