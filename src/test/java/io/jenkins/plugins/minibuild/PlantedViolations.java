package io.jenkins.plugins.minibuild;

import java.util.Map;

/** Which planted class, or room, breaks which rule of {@link HouseRules}. A rule without one fails ArchitectureTest. */
final class PlantedViolations {
    static final Map<String, String> CULPRITS = Map.ofEntries(
            Map.entry("every room stands on a floor", "PlantedUnknownRoom"),
            Map.entry("an import points down", "PlantedUpward"),
            Map.entry("no circle of rooms", "planted.forge"),
            Map.entry("no concrete adapter of another capability", "PlantedBorrower"),
            Map.entry("a plain class does not see Jenkins' pages and builds", "PlantedSeer"),
            Map.entry("a plain class does not ask the system clock", "PlantedClock"),
            Map.entry("form methods answer POST", "doCheckByGet"),
            Map.entry("form methods check a permission", "doCheckByAnyone"),
            Map.entry("commands run through process", "PlantedCommand"),
            Map.entry("HTTP goes through http", "PlantedRequest"),
            Map.entry("text of others reaches a service through forge.ServiceText", "PlantedPost"),
            Map.entry("JSON goes through files.Json", "PlantedMapper"),
            Map.entry("digests go through files.Digest", "PlantedDigest"),
            Map.entry("patterns go through files.Glob", "PlantedPattern"),
            Map.entry("stored files are replaced by files.StoredFile", "PlantedRename"),
            Map.entry("no method takes more than seven values", "PlantedList"),
            Map.entry("what runs on an agent refuses to run on the controller", "PlantedCallable"),
            Map.entry("what an agent answers is a value that checks itself", "PlantedAnswer"),
            Map.entry("agents are asked through process.AgentAnswer", "PlantedAsker"),
            Map.entry("no bucket of odds and ends", "PlantedHelper"));

    private PlantedViolations() {}
}
