package io.jenkins.plugins.minibuild.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The facts of a build. Immutable. */
public final class BuildFactsAction extends InvisibleAction {
    /** By the keys of the facts; a TreeMap, which XStream writes readably. */
    private final TreeMap<String, String> facts;

    private BuildFactsAction(Map<Fact, String> facts) {
        this.facts = new TreeMap<>();
        facts.forEach((fact, value) -> this.facts.put(fact.key(), value));
    }

    /** Adds facts to a build. The caller saves the build. */
    public static void add(Run<?, ?> run, Map<Fact, String> more) {
        synchronized (run) {
            Map<Fact, String> facts = new HashMap<>(of(run));
            facts.putAll(more);
            run.addOrReplaceAction(new BuildFactsAction(facts));
        }
    }

    /** All facts of a build; empty for none. */
    public static Map<Fact, String> of(Run<?, ?> run) {
        BuildFactsAction action = run.getAction(BuildFactsAction.class);
        Map<Fact, String> all = new HashMap<>();
        if (action != null && action.facts != null) {
            action.facts.forEach((key, value) -> all.put(new Fact(key), value));
        }
        return Map.copyOf(all);
    }

    /** One fact of a build; null if the build has none of that key. */
    @CheckForNull
    public static String of(Run<?, ?> run, Fact fact) {
        BuildFactsAction action = run.getAction(BuildFactsAction.class);
        return action == null || action.facts == null ? null : action.facts.get(fact.key());
    }
}
