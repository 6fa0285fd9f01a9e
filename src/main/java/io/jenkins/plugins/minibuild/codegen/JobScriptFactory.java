package io.jenkins.plugins.minibuild.codegen;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.step.SettingsFactory;
import java.util.List;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.jenkinsci.plugins.workflow.cps.CpsScmFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;

/** Tells code generation which file is the script of its own job, whatever its name. */
@OptionalExtension(requirePlugins = {"workflow-cps", "workflow-job"})
public final class JobScriptFactory extends SettingsFactory {
    @Override
    public <T> List<T> of(@CheckForNull Run<?, ?> run, Class<T> kind) {
        return kind == JobScript.class
                        && run != null
                        && run.getParent() instanceof WorkflowJob job
                        && job.getDefinition() instanceof CpsScmFlowDefinition script
                ? List.of(kind.cast(new JobScript(script.getScriptPath())))
                : List.of();
    }
}
