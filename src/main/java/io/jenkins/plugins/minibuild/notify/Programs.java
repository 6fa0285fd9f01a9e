package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.step.Fact;
import io.jenkins.plugins.minibuild.step.ProgramNews;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The programs that a build ships. A message is about one of them or has a line for each; it never mixes their facts. */
final class Programs {
    /** What a checkout says; of another program's checkout where there are several programs. */
    static final Set<Fact> OF_A_COMMIT = Set.of(Fact.BRANCH, Fact.COMMIT, Fact.AUTHOR, Fact.COMMIT_MESSAGE);

    /** By name; those that were shipped last come last. */
    private final Map<String, Map<Fact, String>> all = new LinkedHashMap<>();

    private final Map<String, ProgramNews> known = new HashMap<>();

    /**
     * @param begun what the steps have begun
     * @param shipped the facts of what was uploaded or previewed, by the program's name, the latest last
     */
    Programs(List<ProgramNews> begun, Map<String, Map<Fact, String>> shipped) {
        for (ProgramNews each : begun) {
            known.put(each.name(), each);
            // A profile whose job did not use it yet is none of the build's programs, unless nothing else is known.
            if (!each.kind().isEmpty() && !shipped.containsKey(each.name())) {
                all.put(each.name(), first(each));
            }
        }
        shipped.forEach((name, facts) -> {
            Map<Fact, String> both = known.containsKey(name) ? first(known.get(name)) : new HashMap<>();
            both.putAll(facts);
            all.put(name, both);
        });
        if (all.isEmpty() && begun.size() == 1) {
            all.put(begun.get(0).name(), first(begun.get(0)));
        }
    }

    private static Map<Fact, String> first(ProgramNews program) {
        Map<Fact, String> facts = new HashMap<>();
        facts.put(Fact.APP, program.name());
        facts.put(Fact.APP_ID, program.appId());
        facts.put(Fact.KIND, program.kind());
        return facts;
    }

    /** Whether there are several, so that the facts of the build's last checkout may be another program's. */
    boolean areSeveral() {
        return all.size() > 1;
    }

    /**
     * The program that a message is about; null if it is about the build.
     *
     * @param wanted the name of a program; empty for the one that the event fits
     */
    @CheckForNull
    String chosen(Event event, String wanted) {
        if (!wanted.isEmpty()) {
            return wanted;
        }
        if (all.size() == 1) {
            return all.keySet().iterator().next();
        }
        Fact mark = event == Event.PREVIEW_READY ? Fact.QR_URL : event == Event.UPLOADED ? Fact.VERSION : null;
        String last = null;
        for (Map.Entry<String, Map<Fact, String>> each : all.entrySet()) {
            if (mark != null && each.getValue().containsKey(mark)) {
                last = each.getKey();
            }
        }
        return last;
    }

    /** The facts of a program; empty for one that is not known. */
    Map<Fact, String> of(String program) {
        ProgramNews begun = known.get(program);
        return Map.copyOf(all.getOrDefault(program, begun == null ? Map.of() : first(begun)));
    }

    /** The program whose picture a message about the build may show: the only one that has a preview; null if there is none or there are several. */
    @CheckForNull
    String onlyPreview() {
        List<String> previews = new ArrayList<>();
        all.forEach((name, facts) -> {
            if (facts.containsKey(Fact.QR_URL)) {
                previews.add(name);
            }
        });
        return previews.size() == 1 ? previews.get(0) : null;
    }

    /** A line for each program, for {@link Notice}. */
    List<Notice.ProgramLine> lines() {
        return all.values().stream()
                .map(facts -> new Notice.ProgramLine(
                        facts.getOrDefault(Fact.APP, ""),
                        facts.getOrDefault(Fact.APP_ID, ""),
                        facts.getOrDefault(Fact.KIND, ""),
                        facts.getOrDefault(Fact.VERSION, ""),
                        facts.getOrDefault(Fact.BRANCH, ""),
                        facts.getOrDefault(Fact.COMMIT, "")))
                .toList();
    }
}
