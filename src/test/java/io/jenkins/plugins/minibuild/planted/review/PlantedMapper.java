package io.jenkins.plugins.minibuild.planted.review;

import com.fasterxml.jackson.databind.ObjectMapper;

/** Breaks: JSON goes through files.Json. */
public final class PlantedMapper {
    ObjectMapper mapper() {
        return new ObjectMapper();
    }
}
