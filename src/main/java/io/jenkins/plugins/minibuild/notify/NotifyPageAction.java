package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.RootAction;
import java.text.DateFormat;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** The page for admins: every channel, how it stands, and its last deliveries. */
@Extension
public final class NotifyPageAction implements RootAction {
    /** A channel on the page. */
    public record Row(String name, String state, String problem, int queued, List<Delivered> deliveries) {
        public String getName() {
            return name;
        }

        public String getState() {
            return state;
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

    /** All channels that are configured globally, and those of folders that have had a message since the start. */
    public List<Row> getChannels() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        Map<String, Row> rows = new TreeMap<>();
        for (ChannelConfiguration each : NotifyConfiguration.get().getChannels()) {
            Channel.Id id = new Channel.Id("", each.getName());
            rows.put(id.toString(), row(id, null));
        }
        for (ChannelQueue each : NotifyAdapter.get().queues()) {
            rows.put(each.id().toString(), row(each.id(), each));
        }
        return new ArrayList<>(rows.values());
    }

    private static Row row(Channel.Id id, @CheckForNull ChannelQueue queue) {
        List<Delivered> deliveries = new ArrayList<>();
        DateFormat format = DateFormat.getDateTimeInstance(DateFormat.SHORT, DateFormat.MEDIUM);
        for (Delivery each : NotifyAdapter.get().deliveries().last(id)) {
            deliveries.add(new Delivered(
                    format.format(new Date(each.time())),
                    each.title(),
                    each.job().isEmpty() ? null : "job/" + each.job().replace("/", "/job/") + "/" + each.number() + "/",
                    outcome(each.outcome()),
                    each.text(),
                    each.attempts()));
        }
        return new Row(
                id.toString(),
                state(queue == null ? ChannelQueue.State.OK : queue.state()),
                queue == null ? "" : queue.problem(),
                queue == null ? 0 : queue.count(),
                deliveries);
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
