package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import hudson.remoting.Channel;
import java.io.IOException;
import java.io.OutputStream;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.log.TaskListenerDecorator;

/**
 * Limits the log of a Pipeline build that has held a slot, also outside the block that held it. Jenkins asks it for each step, so that a Pipeline that never
 * takes a slot is left alone.
 */
@OptionalExtension(requirePlugins = {"workflow-cps", "workflow-job"})
public final class PipelineLogFactory implements TaskListenerDecorator.Factory {
    private static final Logger LOGGER = Logger.getLogger(PipelineLogFactory.class.getName());

    @Override
    @CheckForNull
    public TaskListenerDecorator of(@NonNull FlowExecutionOwner owner) {
        try {
            if (owner.getExecutable() instanceof Run<?, ?> run) {
                String id = SlotsAdapter.ownerOf(run);
                BuildLog log = SlotsAdapter.get().logOf(id);
                return log == null ? null : new Decorator(id, log.limits());
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "The log of a build that is gone is not limited", e);
        }
        return null;
    }

    /** The log of one step. A step that logs from the agent has a budget of its own there. */
    private static final class Decorator extends TaskListenerDecorator {
        private static final long serialVersionUID = 1L;

        private final String build;
        private final Limits limits;
        private transient boolean onAgent;

        Decorator(String build, Limits limits) {
            this.build = build;
            this.limits = limits;
        }

        private Object readResolve() {
            onAgent = Channel.current() != null;
            return this;
        }

        @NonNull
        @Override
        public OutputStream decorate(@NonNull OutputStream logger) {
            return onAgent
                    ? LimitsLogAdapter.ofBuild(logger, new LogBudget(limits), () -> {})
                    : LimitsLogAdapter.ofPipeline(logger, build);
        }
    }
}
