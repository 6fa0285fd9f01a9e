package io.jenkins.plugins.minibuild.planted.review;

import java.io.IOException;

/** Breaks: commands run through process. */
public final class PlantedCommand {
    Process start() throws IOException {
        return new ProcessBuilder("true").start();
    }
}
