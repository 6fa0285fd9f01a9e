package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.JobProperty;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.FormValidation;
import io.jenkins.plugins.minibuild.step.Fact;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jenkins.model.OptionalJobProperty;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * The notifications of a job, which all of its steps use: whom to tell of which events, without a step for it. A folder has the same for its jobs; a job's own
 * come instead of those of its folder.
 */
public final class NotifyJobConfiguration extends OptionalJobProperty<Job<?, ?>> {
    /** All that is news: not that a build begins, ends well as ever, or was ended by a person. */
    private static final Set<Event> BY_DEFAULT = Collections.unmodifiableSet(
            EnumSet.complementOf(EnumSet.of(Event.START, Event.SUCCESS, Event.ABORTED, Event.WORKFLOW_ENDED)));

    private String channels;
    private String events;
    private String branches;
    private String mention;
    private Boolean mentionReviewers;
    private Boolean picture;

    @DataBoundConstructor
    public NotifyJobConfiguration() {}

    /** The names of channels, separated by commas; null for all that the job may use. */
    @CheckForNull
    public String getChannels() {
        return channels;
    }

    @DataBoundSetter
    public void setChannels(@CheckForNull String channels) {
        this.channels = Util.fixEmptyAndTrim(channels);
    }

    /** The ids of the events that cause a message, separated by commas; null for everything but {@code start}, {@code success}, {@code aborted} and {@code workflowEnded}. */
    @CheckForNull
    public String getEvents() {
        return events;
    }

    /** @throws IllegalArgumentException naming the events that there are */
    @DataBoundSetter
    public void setEvents(@CheckForNull String events) {
        Event.parse(events);
        this.events = Util.fixEmptyAndTrim(events);
    }

    /** Patterns of branches, separated by commas; null for every one. */
    @CheckForNull
    public String getBranches() {
        return branches;
    }

    @DataBoundSetter
    public void setBranches(@CheckForNull String branches) {
        this.branches = Util.fixEmptyAndTrim(branches);
    }

    /** The people whom every message mentions; null for nobody. */
    @CheckForNull
    public String getMention() {
        return mention;
    }

    @DataBoundSetter
    public void setMention(@CheckForNull String mention) {
        this.mention = Util.fixEmptyAndTrim(mention);
    }

    /** Whether the message that a review is wanted mentions the reviewers; by default it does. */
    public boolean isMentionReviewers() {
        return mentionReviewers == null || mentionReviewers;
    }

    @DataBoundSetter
    public void setMentionReviewers(boolean mentionReviewers) {
        this.mentionReviewers = mentionReviewers ? null : Boolean.FALSE;
    }

    /** Whether the QR code of a preview goes with it; by default it does. */
    public boolean isPicture() {
        return picture == null || picture;
    }

    @DataBoundSetter
    public void setPicture(boolean picture) {
        this.picture = picture ? null : Boolean.FALSE;
    }

    private NotifyRequest request(Event event) {
        List<String> mentioned = new ArrayList<>(NotifyRequest.list(mention));
        if (event == Event.REVIEW_WANTED && isMentionReviewers()) {
            mentioned.add("reviewers");
        }
        Set<Event> wanted = Event.parse(events);
        return new NotifyRequest(
                Asker.SETTING,
                "",
                NotifyRequest.list(channels),
                new NotifyRequest.Filter(
                        wanted.isEmpty() ? BY_DEFAULT : wanted, NotifyRequest.list(branches), List.of()),
                null,
                mentioned,
                isPicture());
    }

    /** The notifications of a job: its own, or those of the nearest folder that has some; null for none. */
    @CheckForNull
    private static NotifyJobConfiguration of(Job<?, ?> job) {
        NotifyJobConfiguration own = job.getProperty(NotifyJobConfiguration.class);
        ItemGroup<?> group = job.getParent();
        while (own == null && group instanceof Item folder) {
            for (FolderChannelsFactory each : ExtensionList.lookup(FolderChannelsFactory.class)) {
                own = own == null ? each.notificationsOf(group) : own;
            }
            group = folder.getParent();
        }
        return own;
    }

    /**
     * Sends a message about an event if the build's job or folder asks for it.
     *
     * @param facts of the event
     * @param log null where there is none
     */
    static void tell(Run<?, ?> run, Event event, Map<Fact, String> facts, @CheckForNull TaskListener log) {
        NotifyJobConfiguration configured = of(run.getParent());
        if (configured == null) {
            return;
        }
        NotifyRequest request = configured.request(event);
        if (event.isWantedBy(request.events())) {
            boolean shown = event.isEnd() && NotifyCountAction.isAskedFor(run, request, Event.PREVIEW_READY);
            NotifyAdapter.queue(run, shown ? request.withoutPicture() : request, event, Map.of(), facts, log);
        }
    }

    @Extension
    @Symbol("miniBuildNotifications")
    public static final class DescriptorImpl extends OptionalJobPropertyDescriptor {
        @Override
        public JobProperty<?> newInstance(@CheckForNull StaplerRequest2 req, @NonNull JSONObject formData)
                throws FormException {
            return FormAdapter.bound(() -> {
                JobProperty<?> made = super.newInstance(req, formData);
                if (made instanceof NotifyJobConfiguration given) {
                    ChannelConfiguration.checkNames(req, given.getChannels());
                }
                return made;
            });
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.NotifyJobConfiguration_displayName();
        }

        @POST
        public FormValidation doCheckChannels(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> ChannelConfiguration.checkNames(item, value));
        }

        @POST
        public FormValidation doCheckEvents(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Event.parse(value));
        }
    }
}
