package io.jenkins.plugins.minibuild.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import java.util.Map;
import java.util.TreeMap;

/** Short facts that later builds of the job look up. Immutable. */
public final class BuildFactsAction extends InvisibleAction {
    /** From key to value; a TreeMap, which XStream writes readably. */
    private final TreeMap<String, String> facts;

    BuildFactsAction(Map<String, String> facts) {
        this.facts = new TreeMap<>(facts);
    }

    /** Keeps more facts with a build; who calls it saves the build. */
    public static void add(Run<?, ?> run, Map<String, String> more) {
        synchronized (run) {
            Map<String, String> facts = new TreeMap<>(of(run));
            facts.putAll(more);
            run.addOrReplaceAction(new BuildFactsAction(facts));
        }
    }

    /** What the tasks of a build remembered, by key; empty for none. */
    public static Map<String, String> of(Run<?, ?> run) {
        BuildFactsAction action = run.getAction(BuildFactsAction.class);
        return action == null || action.facts == null ? Map.of() : Map.copyOf(action.facts);
    }

    @CheckForNull
    String get(String key) {
        return facts == null ? null : facts.get(key);
    }
}
