package io.jenkins.plugins.minibuild.notify;

import hudson.model.InvisibleAction;
import hudson.model.Job;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/** Shows on the page of a build which messages of it were not delivered. */
public final class NotifyFailureAction extends InvisibleAction {
    private static final Logger LOGGER = Logger.getLogger(NotifyFailureAction.class.getName());
    private static final int MOST = 10;

    private final ArrayList<String> lines;

    private NotifyFailureAction(List<String> lines) {
        this.lines = new ArrayList<>(lines);
    }

    /** What was not delivered, and why. */
    public List<String> getLines() {
        return lines == null ? List.of() : List.copyOf(lines);
    }

    /** Keeps with the build that a message of it was given up. */
    static void ended(Message message, Answer answer) {
        if (answer.isSent() || message.job().isEmpty()) {
            return;
        }
        try (ACLContext all = ACL.as2(ACL.SYSTEM2)) {
            if (!(Jenkins.get().getItemByFullName(message.job()) instanceof Job<?, ?> job)) {
                return;
            }
            Run<?, ?> run = job.getBuildByNumber(message.number());
            if (run == null) {
                return;
            }
            synchronized (run) {
                NotifyFailureAction before = run.getAction(NotifyFailureAction.class);
                List<String> lines = new ArrayList<>(before == null ? List.of() : before.getLines());
                if (lines.size() < MOST) {
                    lines.add(Channel.Id.of(message) + ": " + answer.text());
                    run.addOrReplaceAction(new NotifyFailureAction(lines));
                }
            }
            run.save();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, "The page of the build does not show that a message of it failed", e);
        }
    }
}
