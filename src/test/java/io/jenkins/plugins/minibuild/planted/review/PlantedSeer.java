package io.jenkins.plugins.minibuild.planted.review;

import hudson.model.Run;

/** Breaks: a plain class does not see Jenkins' pages and builds. */
public final class PlantedSeer {
    Run<?, ?> seen;
}
