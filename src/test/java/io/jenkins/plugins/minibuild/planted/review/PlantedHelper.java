package io.jenkins.plugins.minibuild.planted.review;

/** Breaks: no bucket of odds and ends. */
public final class PlantedHelper {}
