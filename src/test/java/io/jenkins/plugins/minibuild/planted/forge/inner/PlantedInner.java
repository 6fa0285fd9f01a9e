package io.jenkins.plugins.minibuild.planted.forge.inner;

import io.jenkins.plugins.minibuild.planted.forge.PlantedCircle;

/** The other half of a circle. */
public final class PlantedInner {
    PlantedCircle outer;
}
