package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.AbstractProject;
import hudson.model.BuildListener;
import hudson.model.TaskListener;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.BuildStepMonitor;
import hudson.tasks.Notifier;
import hudson.tasks.Publisher;
import io.jenkins.plugins.minibuild.step.Fact;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.StaplerRequest2;

/** Sends messages about the start, the end and the events of a freestyle build. Holds one nested step, so that there is one form. */
public final class MiniBuildNotifyPublisher extends Notifier {
    private static final Set<Event> BY_DEFAULT = Set.of(Event.FAILED);

    private final MiniBuildNotifyStep step;

    @DataBoundConstructor
    public MiniBuildNotifyPublisher(@CheckForNull MiniBuildNotifyStep step) {
        this.step = step == null ? new MiniBuildNotifyStep() : step;
    }

    /** The nested step, which has the parameters. */
    public MiniBuildNotifyStep getStep() {
        return step;
    }

    @Override
    public BuildStepMonitor getRequiredMonitorService() {
        return BuildStepMonitor.NONE;
    }

    @Override
    public boolean prebuild(AbstractBuild<?, ?> build, BuildListener listener) {
        happened(build, Event.START, Map.of(), listener);
        return true;
    }

    @Override
    public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
            throws InterruptedException, IOException {
        step.perform(build, build.getEnvironment(listener), listener, BY_DEFAULT);
        return true;
    }

    /** Sends a message about an event other than the end, if the configured events include it. */
    void happened(AbstractBuild<?, ?> build, Event event, Map<Fact, String> facts, @CheckForNull TaskListener log) {
        NotifyRequest request = step.request(BY_DEFAULT);
        if (event.isWantedBy(request.events())) {
            NotifyAdapter.queue(build, request, event, Map.of(), facts, log);
        }
    }

    @Extension
    @Symbol("miniBuildNotify")
    public static final class DescriptorImpl extends BuildStepDescriptor<Publisher> {
        @Override
        public Publisher newInstance(@CheckForNull StaplerRequest2 req, @NonNull JSONObject formData)
                throws FormException {
            return FormAdapter.bound(() -> {
                Publisher made = super.newInstance(req, formData);
                if (made instanceof MiniBuildNotifyPublisher given) {
                    ChannelConfiguration.checkNames(req, given.getStep().getChannels());
                }
                return made;
            });
        }

        @Override
        public String getDisplayName() {
            return Messages.MiniBuildNotifyPublisher_displayName();
        }

        @Override
        @SuppressWarnings("rawtypes") // as declared by Jenkins
        public boolean isApplicable(Class<? extends AbstractProject> jobType) {
            return true;
        }

        /** The nested step, for the form. */
        public MiniBuildNotifyStep.DescriptorImpl getStepDescriptor() {
            return Jenkins.get().getDescriptorByType(MiniBuildNotifyStep.DescriptorImpl.class);
        }
    }
}
