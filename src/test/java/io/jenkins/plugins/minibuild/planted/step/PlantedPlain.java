package io.jenkins.plugins.minibuild.planted.step;

/** Breaks nothing. */
public final class PlantedPlain {}
