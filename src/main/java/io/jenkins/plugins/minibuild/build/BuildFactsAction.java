package io.jenkins.plugins.minibuild.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.InvisibleAction;
import java.util.Map;
import java.util.TreeMap;

/** Short facts that later builds of the job look up. Immutable. */
public final class BuildFactsAction extends InvisibleAction {
    /** From key to value; a TreeMap, which XStream writes readably. */
    private final TreeMap<String, String> facts;

    BuildFactsAction(Map<String, String> facts) {
        this.facts = new TreeMap<>(facts);
    }

    @CheckForNull
    String get(String key) {
        return facts == null ? null : facts.get(key);
    }

    BuildFactsAction with(String key, String value) {
        TreeMap<String, String> more = facts == null ? new TreeMap<>() : new TreeMap<>(facts);
        more.put(key, value);
        return new BuildFactsAction(more);
    }
}
