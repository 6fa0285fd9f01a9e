package io.jenkins.plugins.minibuild.analysis;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.claude.Caps;
import io.jenkins.plugins.minibuild.claude.ClaudeStep;
import io.jenkins.plugins.minibuild.step.BuildTask;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** The step {@code analyzeRepository}. */
public final class AnalyzeRepositoryStep extends ClaudeStep<RepositoryAnalysis.Result> {
    /** Null for true. */
    private Boolean cache;

    /** Everything is optional. */
    @DataBoundConstructor
    public AnalyzeRepositoryStep() {
        // nothing is required
    }

    @Override
    protected Caps defaults() {
        return RepositoryAnalysis.CAPS;
    }

    /** Whether a profile of the same commit is taken instead. */
    public boolean isCache() {
        return cache == null || cache;
    }

    @DataBoundSetter
    public void setCache(boolean value) {
        cache = value ? null : Boolean.FALSE;
    }

    @Override
    public BuildTask<RepositoryAnalysis.Result> task() {
        return context -> {
            RepositoryAnalysis analysis;
            try {
                analysis = new RepositoryAnalysis(checkedDirectory(getDirectory()), options(), isCache());
            } catch (IllegalArgumentException e) {
                throw new AbortException(e.getMessage());
            }
            return analysis.run(context);
        };
    }

    @Override
    public Map<String, Object> toReturnValue(RepositoryAnalysis.Result result) {
        Map<String, Object> map = result.profile().toMap();
        map.put("commit", result.commit());
        map.put("cached", result.cached());
        map.put("cost", result.dollars());
        map.put("turns", result.turns());
        map.put("seconds", result.duration().toSeconds());
        map.put("artifact", result.artifact());
        return map;
    }

    @Override
    protected void attach(Run<?, ?> run, RepositoryAnalysis.Result result) throws IOException {
        run.addAction(new RepositoryProfileAction(result));
        run.save();
    }

    @Extension
    @Symbol("analyzeRepository")
    public static final class DescriptorImpl extends ClaudeStepDescriptor {
        @Override
        protected Caps defaults() {
            return RepositoryAnalysis.CAPS;
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.AnalyzeRepositoryStep_displayName();
        }

        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            return Objects.toString(namedArgs.get("directory"), null);
        }
    }
}
