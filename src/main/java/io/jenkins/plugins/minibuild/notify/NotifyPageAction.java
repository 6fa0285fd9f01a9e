package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.RootAction;
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

/** The page for admins: every channel, how it stands, and its last deliveries. */
@Extension
public final class NotifyPageAction implements RootAction {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    /** A channel on the page. */
    public record Row(String name, String kind, String state, String problem, int queued, List<Delivered> deliveries) {
        public String getName() {
            return name;
        }

        /** What it is, where it is configured still, and how it stands. */
        public String getStanding() {
            return kind.isEmpty() ? state : kind + " · " + state;
        }

        public String getProblem() {
            return problem;
        }

        public int getQueued() {
            return queued;
        }

        public List<Delivered> getDeliveries() {
            return deliveries;
        }
    }

    /** A delivery on the page. */
    public record Delivered(
            String time, String title, @CheckForNull String link, String outcome, String text, int attempts) {
        public String getTime() {
            return time;
        }

        public String getTitle() {
            return title;
        }

        @CheckForNull
        public String getLink() {
            return link;
        }

        public String getOutcome() {
            return outcome;
        }

        public String getText() {
            return text;
        }

        public int getAttempts() {
            return attempts;
        }
    }

    @Override
    @CheckForNull
    public String getIconFileName() {
        return Jenkins.get().hasPermission(Jenkins.ADMINISTER) ? "symbol-notifications" : null;
    }

    @Override
    public String getDisplayName() {
        return Messages.NotifyPageAction_displayName();
    }

    @Override
    public String getUrlName() {
        return "mini-build-notifications";
    }

    /** All channels that are configured, and those that are not any more but have had a message since the start. */
    public List<Row> getChannels() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        Map<String, Row> rows = new TreeMap<>();
        Map<Channel.Id, ChannelConfiguration> configured = NotifyAdapter.get().configured();
        configured.forEach((id, each) -> rows.put(id.toString(), row(id, each, null)));
        for (ChannelQueue each : NotifyAdapter.get().queues()) {
            rows.put(each.id().toString(), row(each.id(), configured.get(each.id()), each));
        }
        return new ArrayList<>(rows.values());
    }

    private static Row row(
            Channel.Id id, @CheckForNull ChannelConfiguration configuration, @CheckForNull ChannelQueue queue) {
        List<Delivered> deliveries = new ArrayList<>();
        for (Delivery each : NotifyAdapter.get().deliveries().last(id)) {
            deliveries.add(new Delivered(
                    TIME.format(Instant.ofEpochMilli(each.time()).atZone(ZoneId.systemDefault())),
                    each.title(),
                    each.job().isEmpty() ? null : link(each.job(), each.number()),
                    outcome(each.outcome()),
                    each.text(),
                    each.attempts()));
        }
        return new Row(
                id.toString(),
                configuration == null ? "" : configuration.getDescriptor().getDisplayName(),
                state(queue == null ? ChannelQueue.State.OK : queue.state()),
                queue == null ? "" : queue.problem(),
                queue == null ? 0 : queue.count(),
                deliveries);
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

    private static String outcome(String kind) {
        return switch (Answer.Kind.valueOf(kind)) {
            case SENT -> Messages.NotifyPageAction_sent();
            case LIMITED, FAILED -> Messages.NotifyPageAction_again();
            case REFUSED, BROKEN -> Messages.NotifyPageAction_givenUp();
        };
    }

    /** Tries at once what is held up. */
    @RequirePOST
    public HttpResponse doTryAgain() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        NotifyAdapter.get().mended();
        return HttpResponses.redirectTo(".");
    }
}
