package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import io.jenkins.plugins.minibuild.step.TaskStep;
import io.jenkins.plugins.minibuild.step.UsableStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.steps.SynchronousNonBlockingStepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Sends a message about the build. Needs no agent. The step ends when the message is in the outbox; with {@code failOnError} it waits for the service.
 */
public final class MiniBuildNotifyStep extends Step implements UsableStep {
    private static final long PATIENCE_SECONDS = 90;

    private String channels;
    private String event;
    private String events;
    private String branches;
    private String users;
    private String message;
    private String mention;
    private Boolean picture;
    private boolean failOnError;

    @DataBoundConstructor
    public MiniBuildNotifyStep() {}

    /** The names of channels, separated by commas; null for all that the job may use. */
    @CheckForNull
    public String getChannels() {
        return channels;
    }

    @DataBoundSetter
    public void setChannels(@CheckForNull String channels) {
        this.channels = Util.fixEmptyAndTrim(channels);
    }

    /** The id of the event; null for the one that fits the build's state. */
    @CheckForNull
    public String getEvent() {
        return event;
    }

    /** @throws IllegalArgumentException naming the events that there are */
    @DataBoundSetter
    public void setEvent(@CheckForNull String event) {
        String given = Util.fixEmptyAndTrim(event);
        this.event = given == null ? null : Event.of(given).id();
    }

    /** The ids of the events that cause a message, separated by commas; null for the default: all in a Pipeline, failed in a publisher. */
    @CheckForNull
    public String getEvents() {
        return events;
    }

    /** @throws IllegalArgumentException naming the events that there are */
    @DataBoundSetter
    public void setEvents(@CheckForNull String events) {
        String given = Util.fixEmptyAndTrim(events);
        Event.parse(given);
        this.events = given;
    }

    /** Patterns of branches; null for every one. */
    @CheckForNull
    public String getBranches() {
        return branches;
    }

    /** @throws IllegalArgumentException for a pattern that no branch can have */
    @DataBoundSetter
    public void setBranches(@CheckForNull String branches) {
        checkBranches(branches);
        this.branches = Util.fixEmptyAndTrim(branches);
    }

    private static void checkBranches(@CheckForNull String branches) {
        if (!FormAdapter.isVariable(branches)) {
            Glob.checkRefs(branches);
        }
    }

    /** The ids of users, separated by commas: only builds that they started cause a message; null for everybody. */
    @CheckForNull
    public String getUsers() {
        return users;
    }

    @DataBoundSetter
    public void setUsers(@CheckForNull String users) {
        this.users = Util.fixEmptyAndTrim(users);
    }

    /** A template instead of the channel's; null for the channel's. */
    @CheckForNull
    public String getMessage() {
        return message;
    }

    /** @throws IllegalArgumentException saying what is wrong with it */
    @DataBoundSetter
    public void setMessage(@CheckForNull String message) {
        String given = Util.fixEmptyAndTrim(message);
        if (given != null) {
            Template.parse(given);
        }
        this.message = given;
    }

    /** The people whom the message mentions; null for nobody. */
    @CheckForNull
    public String getMention() {
        return mention;
    }

    @DataBoundSetter
    public void setMention(@CheckForNull String mention) {
        this.mention = Util.fixEmptyAndTrim(mention);
    }

    /** Whether the QR code of a preview goes with it. */
    public boolean isPicture() {
        return picture == null || picture;
    }

    @DataBoundSetter
    public void setPicture(boolean picture) {
        this.picture = picture ? null : Boolean.FALSE;
    }

    /** Whether the build waits for the service and fails when the message is not delivered. */
    public boolean isFailOnError() {
        return failOnError;
    }

    @DataBoundSetter
    public void setFailOnError(boolean failOnError) {
        this.failOnError = failOnError;
    }

    /** @param byDefault the events that cause a message if the step names none; empty for all */
    NotifyRequest request(Set<Event> byDefault) {
        return new NotifyRequest(
                Asker.STEP,
                "",
                NotifyRequest.list(channels),
                new NotifyRequest.Filter(
                        events == null ? byDefault : Event.parse(events),
                        NotifyRequest.list(branches),
                        NotifyRequest.list(users)),
                message == null ? null : Template.parse(message),
                NotifyRequest.list(mention),
                isPicture());
    }

    /**
     * Puts the message into the outbox; with {@code failOnError} also waits until it is sent.
     *
     * @return the names of the channels
     * @throws AbortException when it names a channel that the job cannot use, after the others have got the message; with {@code failOnError} also when the
     *     message was not sent
     */
    List<String> perform(Run<?, ?> run, EnvVars environment, TaskListener log, Set<Event> byDefault)
            throws AbortException, InterruptedException {
        Event what = event == null ? new NoticeFactory(run).state() : Event.of(event);
        NotifyAdapter.Queued queued = NotifyAdapter.queue(run, request(byDefault), what, environment, Map.of(), log);
        if (!queued.unknown().isEmpty()) {
            // A wrong name is a mistake in the job, not a failure of a service: it would go unseen for ever.
            throw new AbortException(queued.problems().get(0));
        }
        if (failOnError) {
            List<String> problems = new ArrayList<>(queued.problems());
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            for (Map.Entry<String, CompletableFuture<SendResult>> each :
                    queued.results().entrySet()) {
                try {
                    SendResult result = each.getValue().get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                    if (!result.isSent()) {
                        problems.add(each.getKey() + ": " + result.text());
                    }
                } catch (TimeoutException e) {
                    problems.add(Messages.MiniBuildNotifyStep_late(each.getKey(), Long.toString(PATIENCE_SECONDS)));
                } catch (ExecutionException e) {
                    problems.add(each.getKey() + ": " + e.getCause().getMessage());
                }
            }
            if (!problems.isEmpty()) {
                throw new AbortException(Messages.MiniBuildNotifyStep_failed(String.join("; ", problems)));
            }
        }
        return List.copyOf(queued.results().keySet());
    }

    @Override
    public Map<String, Object> use(Run<?, ?> run, EnvVars environment, TaskListener log)
            throws AbortException, InterruptedException {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("channels", new ArrayList<>(perform(run, environment, log, Set.of())));
        return result;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, this);
    }

    private static final class Execution extends SynchronousNonBlockingStepExecution<Map<String, Object>> {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // transient: after a restart there is nothing left to run
        private final transient MiniBuildNotifyStep step;

        Execution(StepContext context, MiniBuildNotifyStep step) {
            super(context);
            this.step = step;
        }

        @Override
        protected Map<String, Object> run() throws Exception {
            StepContext context = getContext();
            return step.use(context.get(Run.class), context.get(EnvVars.class), context.get(TaskListener.class));
        }
    }

    @Extension
    @Symbol("miniBuildNotify")
    public static final class DescriptorImpl extends TaskStep.TaskStepDescriptor {
        @Override
        @NonNull
        public String getDisplayName() {
            return Messages.MiniBuildNotifyStep_displayName();
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class, EnvVars.class);
        }

        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            Object shown = namedArgs.getOrDefault("event", namedArgs.get("channels"));
            return shown == null ? null : shown.toString();
        }

        @POST
        public ListBoxModel doFillEventItems(@CheckForNull @AncestorInPath Item item) {
            ChannelConfiguration.checkPermission(item);
            ListBoxModel model = new ListBoxModel();
            model.add(Messages.MiniBuildNotifyStep_state(), "");
            model.addAll(TemplateConfiguration.events());
            return model;
        }

        @POST
        public FormValidation doCheckChannels(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> ChannelConfiguration.checkNames(item, value));
        }

        @POST
        public FormValidation doCheckBranches(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> checkBranches(value));
        }

        @POST
        public FormValidation doCheckEvents(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Event.parse(value));
        }

        @POST
        public FormValidation doCheckMessage(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Template.parse(Util.fixNull(value)));
        }
    }
}
