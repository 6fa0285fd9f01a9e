package io.jenkins.plugins.minibuild.planted.attic;

/** Breaks: every room stands on a floor. */
public final class PlantedUnknownRoom {}
