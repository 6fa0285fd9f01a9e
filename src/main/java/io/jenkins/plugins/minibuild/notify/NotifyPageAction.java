package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.ManagementLink;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** The administrators' page: the state of every channel and its last messages. */
@Extension
public final class NotifyPageAction extends ManagementLink {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    /**
     * A channel on the page.
     *
     * @param standing the kind of the channel, if it is configured still, and its state
     * @param queued how many messages wait
     * @param attempts the last ones, the newest first
     */
    public record Row(String name, String standing, String problem, int queued, List<Attempt> attempts) {}

    /**
     * An attempt to send a message.
     *
     * @param link the build's page, relative to Jenkins; null for none
     */
    public record Attempt(
            String time, String title, @CheckForNull String link, String outcome, String text, int attempts) {}

    @Override
    public String getIconFileName() {
        return "symbol-notifications";
    }

    @Override
    public String getDisplayName() {
        return Messages.NotifyPageAction_displayName();
    }

    @Override
    public String getDescription() {
        return Messages.NotifyPageAction_description();
    }

    @Override
    public String getUrlName() {
        return "mini-build-notifications";
    }

    @NonNull
    @Override
    public Category getCategory() {
        return Category.STATUS;
    }

    /** All channels that are configured, and those that are not any more but have had a message since the start. */
    public List<Row> getChannels() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        Map<String, Row> rows = new TreeMap<>();
        Map<Channel.Id, ChannelConfiguration> configured = ChannelsAdapter.all();
        configured.forEach((id, each) -> rows.put(id.toString(), row(id, each, null)));
        for (ChannelQueue each : OutboxAdapter.get().queues().all()) {
            rows.put(each.id().toString(), row(each.id(), configured.get(each.id()), each));
        }
        // Test messages of channels that are not saved yet, or that a job's own profile has.
        for (Channel.Id each : OutboxAdapter.get().log().known()) {
            if (!rows.containsKey(each.toString())
                    && !OutboxAdapter.get().log().last(each).isEmpty()) {
                rows.put(each.toString(), row(each, null, null));
            }
        }
        return new ArrayList<>(rows.values());
    }

    private static Row row(
            Channel.Id id, @CheckForNull ChannelConfiguration configuration, @CheckForNull ChannelQueue queue) {
        String state = state(queue == null ? ChannelQueue.State.OK : queue.state());
        return new Row(
                id.toString(),
                configuration == null ? state : configuration.getDescriptor().getDisplayName() + " · " + state,
                queue == null ? "" : queue.problem(),
                queue == null ? 0 : queue.count(),
                OutboxAdapter.get().log().last(id).stream()
                        .map(NotifyPageAction::attempt)
                        .toList());
    }

    private static Attempt attempt(LoggedAttempt logged) {
        return new Attempt(
                TIME.format(Instant.ofEpochMilli(logged.time()).atZone(ZoneId.systemDefault())),
                logged.title(),
                logged.job().isEmpty() ? null : link(logged.job(), logged.number()),
                logged.job().isEmpty() && logged.outcome() != SendResult.Kind.SENT
                        ? Messages.NotifyPageAction_notSent()
                        : outcome(logged.outcome()),
                logged.text(),
                logged.attempts());
    }

    /** The path of a build's page; the names of branches' jobs hold percent signs. */
    static String link(String job, int number) {
        return "job/" + Arrays.stream(job.split("/")).map(Util::rawEncode).collect(Collectors.joining("/job/")) + "/"
                + number + "/";
    }

    private static String state(ChannelQueue.State state) {
        return switch (state) {
            case OK -> Messages.NotifyPageAction_ok();
            case LIMITED -> Messages.NotifyPageAction_limited();
            case RETRYING -> Messages.NotifyPageAction_retrying();
            case PAUSED -> Messages.NotifyPageAction_paused();
            case BROKEN -> Messages.NotifyPageAction_broken();
        };
    }

    private static String outcome(SendResult.Kind kind) {
        return switch (kind) {
            case SENT -> Messages.NotifyPageAction_sent();
            case LIMITED, FAILED, BROKEN -> Messages.NotifyPageAction_again();
            case REFUSED -> Messages.NotifyPageAction_givenUp();
        };
    }

    /** Tries the channels at once that are held up. */
    @RequirePOST
    public HttpResponse doTryAgain() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        OutboxAdapter.get().queues().tryAgain();
        return HttpResponses.redirectTo(".");
    }
}
