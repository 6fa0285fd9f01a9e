package io.jenkins.plugins.minibuild.access;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.step.SettingsFactory;
import java.util.List;

/** Gives tasks the policy that holds for their build. */
@Extension
public final class PoliciesSettingsFactory extends SettingsFactory {
    @Override
    public <T> List<T> of(@CheckForNull Run<?, ?> run, Class<T> kind) {
        return kind == Policy.class
                ? List.of(kind.cast(PoliciesAdapter.of(run == null ? null : run.getParent())))
                : List.of();
    }
}
