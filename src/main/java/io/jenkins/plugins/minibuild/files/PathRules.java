package io.jenkins.plugins.minibuild.files;

import java.io.File;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.tools.ant.types.selectors.SelectorUtils;

/**
 * Which paths a change may touch, by patterns as Jenkins has them everywhere (Ant's): {@code src/**}, {@code **}{@code /*.json}. A pattern that
 * ends in a slash means all that is below it. Case does not matter, as it does not on the machines of many who pull the change.
 */
public final class PathRules implements Serializable {
    private static final long serialVersionUID = 1L;

    private final List<String> patterns;

    private PathRules(List<String> patterns) {
        this.patterns = patterns;
    }

    /**
     * @param list patterns separated by commas or line ends; may be empty
     * @throws IllegalArgumentException for a pattern that can match nothing in a repository
     */
    public static PathRules of(String list) {
        List<String> patterns = new ArrayList<>();
        for (String each : list.split("[,\n]")) {
            String pattern = each.strip();
            if (pattern.isEmpty()) {
                continue;
            }
            if (pattern.startsWith("/")
                    || pattern.contains("\\")
                    || List.of(pattern.split("/")).contains("..")) {
                throw new IllegalArgumentException(Messages.PathRules_Pattern(pattern));
            }
            patterns.add((pattern.endsWith("/") ? pattern + "**" : pattern).toLowerCase(Locale.ROOT));
        }
        return new PathRules(List.copyOf(patterns));
    }

    public boolean isEmpty() {
        return patterns.isEmpty();
    }

    /** Whether one of them matches a path with forward slashes. */
    public boolean match(String path) {
        String lower = local(path.toLowerCase(Locale.ROOT));
        return patterns.stream().anyMatch(pattern -> SelectorUtils.matchPath(local(pattern), lower, true));
    }

    /** Ant splits paths as the controller's own files are. */
    private static String local(String path) {
        return path.replace('/', File.separatorChar);
    }

    @Override
    public String toString() {
        return String.join(", ", patterns);
    }
}
