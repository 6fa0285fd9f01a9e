package io.jenkins.plugins.minibuild.planted.http;

import io.jenkins.plugins.minibuild.planted.step.PlantedPlain;

/** Breaks: an import points down. */
public final class PlantedUpward {
    PlantedPlain above;
}
