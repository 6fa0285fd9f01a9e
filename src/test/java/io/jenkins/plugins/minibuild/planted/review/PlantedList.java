package io.jenkins.plugins.minibuild.planted.review;

/** Breaks: no method takes more than seven values. */
public record PlantedList(int a, int b, int c, int d, int e, int f, int g, int h) {}
