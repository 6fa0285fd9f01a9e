package io.jenkins.plugins.minibuild.miniprogram.profile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.minibuild.step.BuildEvent;
import io.jenkins.plugins.minibuild.step.BuildFactsAction;
import io.jenkins.plugins.minibuild.step.BuildNewsListener;
import io.jenkins.plugins.minibuild.step.ProgramNews;
import java.util.List;
import java.util.Map;

/**
 * Notes when a build starts which notifications its profile wants: the profile of the job itself, or one that names the job. So a build is
 * announced that fails before its first step of this plugin. In other jobs the profile is known when a step names it.
 */
@Extension
public final class ProfileRunListener extends RunListener<Run<?, ?>> {
    @Override
    public void onStarted(Run<?, ?> run, TaskListener listener) {
        ProgramNews program = program(run);
        if (program != null && program.isTold()) {
            BuildFactsAction.add(run, program.facts());
            BuildNewsListener.fire(run, BuildEvent.START, Map.of());
        }
    }

    @CheckForNull
    private static ProgramNews program(Run<?, ?> run) {
        MiniProgramJobConfiguration own = run.getParent().getProperty(MiniProgramJobConfiguration.class);
        return program(
                own == null ? null : own.getProfile(),
                MiniProgramsConfiguration.get().getProfiles(),
                run.getParent().getFullName());
    }

    /**
     * What messages about a build need to know of its program; null for none.
     *
     * @param own the job's own profile, which comes before the others even if it is disabled; null for none
     */
    @CheckForNull
    static ProgramNews program(@CheckForNull ProfileConfiguration own, List<ProfileConfiguration> all, String job) {
        if (own != null) {
            return own.isEnabled() ? own.news() : null;
        }
        return all.stream()
                .filter(each -> each.isEnabled() && job.equals(each.getJob()))
                .findFirst()
                .map(ProfileConfiguration::news)
                .orElse(null);
    }
}
