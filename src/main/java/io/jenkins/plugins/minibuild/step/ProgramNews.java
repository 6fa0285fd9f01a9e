package io.jenkins.plugins.minibuild.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A program that a build ships, as it is known before anything was shipped, and what its profile wants people to be told. A build that ships several programs
 * keeps one of these for each of them, as a fact, so that no message mixes two.
 *
 * @param name the profile's, or the AppID where there is no profile
 * @param appId the AppID; empty when it is not known yet
 * @param kind {@code upload} or {@code preview}, what was begun last; empty when nothing was
 * @param notifyOn one of the values of the profile's field of this name; {@code never} where there is no profile
 * @param notifyEvents ids of events, separated by commas, which replace {@code notifyOn}; empty for none
 * @param notifyChannels names of channels, separated by commas; empty for none
 */
public record ProgramNews(
        String name, String appId, String kind, String notifyOn, String notifyEvents, String notifyChannels) {
    private static final String PREFIX = "program ";
    private static final String NEVER = "never";

    /** Takes line breaks, which separate the values, out of all of them. */
    public ProgramNews {
        name = line(name);
        appId = line(appId);
        kind = line(kind);
        notifyOn = line(notifyOn).isEmpty() ? NEVER : line(notifyOn);
        notifyEvents = line(notifyEvents);
        notifyChannels = line(notifyChannels);
    }

    private static String line(@CheckForNull String value) {
        return value == null ? "" : value.replaceAll("\\s*[\\r\\n]+\\s*", ",").strip();
    }

    /** A program without a profile. */
    public static ProgramNews without(String appId, String kind) {
        return new ProgramNews(appId, appId, kind, NEVER, "", "");
    }

    /** The same, after something was begun. */
    public ProgramNews begun(String what) {
        return new ProgramNews(name, appId, what, notifyOn, notifyEvents, notifyChannels);
    }

    /** Whether the profile wants anybody to be told of anything. */
    public boolean isTold() {
        return !notifyOn.equals(NEVER) || !notifyEvents.isEmpty();
    }

    /** As a fact of the build. */
    public Map<Fact, String> facts() {
        return Map.of(new Fact(PREFIX + name), String.join("\n", appId, kind, notifyOn, notifyEvents, notifyChannels));
    }

    /** The programs of a build, sorted by name. */
    public static List<ProgramNews> of(Map<Fact, String> facts) {
        List<ProgramNews> all = new ArrayList<>();
        facts.forEach((fact, value) -> {
            String[] parts = value.split("\n", -1);
            if (fact.key().startsWith(PREFIX) && parts.length == 5) {
                all.add(new ProgramNews(
                        fact.key().substring(PREFIX.length()), parts[0], parts[1], parts[2], parts[3], parts[4]));
            }
        });
        all.sort(Comparator.comparing(ProgramNews::name));
        return List.copyOf(all);
    }
}
