package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.InvisibleAction;
import hudson.model.Job;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/** The messages of a build that were given up or wait for a repair of their channel, on the build's page. */
public final class NotifyFailureAction extends InvisibleAction {
    private static final Logger LOGGER = Logger.getLogger(NotifyFailureAction.class.getName());
    private static final int MOST = 10;

    /** By the id of the message: the channel and the reason. */
    private final TreeMap<String, String> lines;

    private NotifyFailureAction(Map<String, String> lines) {
        this.lines = new TreeMap<>(lines);
    }

    private static Map<String, String> lines(Run<?, ?> run) {
        NotifyFailureAction action = run.getAction(NotifyFailureAction.class);
        return action == null || action.lines == null ? Map.of() : action.lines;
    }

    /** For each message the channel and the reason. */
    public List<String> getLines() {
        return lines == null ? List.of() : List.copyOf(lines.values());
    }

    /** Shows a message on the page of its build until it is sent. */
    static void note(Message message, SendResult result) {
        Message.Origin origin = message.origin();
        if (origin.job().isEmpty()) {
            return;
        }
        try (ACLContext all = ACL.as2(ACL.SYSTEM2)) {
            if (!(Jenkins.get().getItemByFullName(origin.job()) instanceof Job<?, ?> job)) {
                return;
            }
            if (!result.isSent()) {
                change(job, origin.number(), message.id(), message.channel() + ": " + result.text());
            } else if (message.attempts().count() > 1) {
                change(job, origin.number(), message.id(), null);
            }
            // Where a digest has replaced a message, the digest's line says more than the message's own.
            for (Message.Joined each : message.joined()) {
                if (each.tried()) {
                    change(job, each.number(), each.id(), null);
                }
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, "The page of the build does not show that a message of it failed", e);
        }
    }

    /** @param line null for a message that was sent */
    private static void change(Job<?, ?> job, int number, String id, @CheckForNull String line) throws IOException {
        Run<?, ?> run = job.getBuildByNumber(number);
        if (run == null) {
            return;
        }
        synchronized (run) {
            TreeMap<String, String> lines = new TreeMap<>(lines(run));
            boolean same = line == null ? lines.remove(id) == null : line.equals(lines.put(id, line));
            if (same || lines.size() > MOST) {
                return;
            }
            run.addOrReplaceAction(new NotifyFailureAction(lines));
        }
        run.save();
    }
}
