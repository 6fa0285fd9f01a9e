package io.jenkins.plugins.minibuild.planted.review;

import org.apache.tools.ant.types.selectors.SelectorUtils;

/** Breaks: patterns go through files.Glob. */
public final class PlantedPattern {
    boolean matches(String pattern, String path) {
        return SelectorUtils.matchPath(pattern, path);
    }
}
