package io.jenkins.plugins.minibuild.planted.review;

import io.jenkins.plugins.minibuild.planted.analysis.PlantedStep;

/** Breaks: no concrete adapter of another capability. */
public final class PlantedBorrower {
    PlantedStep borrowed;
}
