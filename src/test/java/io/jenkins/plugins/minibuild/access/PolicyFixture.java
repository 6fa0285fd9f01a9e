package io.jenkins.plugins.minibuild.access;

/** Policies for tests of other rooms: {@code LocalBuild.with(...)} takes them. */
public final class PolicyFixture {
    private PolicyFixture() {}

    /** The default, and what only an administrator can allow. */
    public static Policy allowing(boolean sandboxOff, boolean builtInNode) {
        return Policy.SILENT
                .allowing(
                        new Rule<>("sandboxOffAllowed", sandboxOff, ""),
                        new Rule<>("builtInNodeAllowed", builtInNode, ""))
                .withDefaults();
    }

    /** The default, and what a folder sets. */
    public static Policy of(String folder, PolicyConfiguration set) {
        return Policy.DEFAULT.and(set.policy(folder));
    }
}
