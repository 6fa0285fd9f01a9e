package io.jenkins.plugins.minibuild.planted.analysis;

/** A concrete adapter. */
public final class PlantedStep {}
