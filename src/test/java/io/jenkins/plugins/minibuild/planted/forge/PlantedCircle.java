package io.jenkins.plugins.minibuild.planted.forge;

import io.jenkins.plugins.minibuild.planted.forge.inner.PlantedInner;

/** Breaks: no circle of rooms. */
public final class PlantedCircle {
    PlantedInner inner;
}
