package io.jenkins.plugins.minibuild.notify;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.init.Terminator;
import hudson.model.Computer;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.util.Timer;

/** The one outbox of the controller with its queues; starts and stops them together with Jenkins. */
@Extension
public final class OutboxAdapter {
    private static final Logger LOGGER = Logger.getLogger(OutboxAdapter.class.getName());
    private static final int MOST_MESSAGES = 20_000;

    private final Outbox outbox;
    private final MessageLog log;
    private final ChannelQueues queues;

    /** Opens no file yet. */
    public OutboxAdapter() {
        Path folder = Jenkins.get().getRootDir().toPath().resolve("mini-build");
        outbox = new Outbox(folder.resolve("outbox"), MOST_MESSAGES, Clock.systemUTC());
        log = new MessageLog(folder.resolve("message-log"));
        queues = new ChannelQueues(new ChannelQueues.Shared(
                outbox,
                log,
                new ChannelsAdapter(),
                Clock.systemUTC(),
                new SecureRandom(),
                new Workers(Computer.threadPoolForRemoting, Timer.get()),
                NotifyFailureAction::note));
    }

    static OutboxAdapter get() {
        return ExtensionList.lookupSingleton(OutboxAdapter.class);
    }

    /** Sends the messages that an earlier run of the controller left. All channels, those of folders too, are loaded by then. */
    @Initializer(after = InitMilestone.JOB_CONFIG_ADAPTED)
    public static void start() {
        OutboxAdapter here = get();
        Computer.threadPoolForRemoting.execute(() -> {
            try {
                here.queues.load();
                here.outbox.pictures().clean();
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "The waiting messages in JENKINS_HOME/mini-build/outbox cannot be read", e);
            }
        });
    }

    /** Starts no further attempts while Jenkins shuts down; the messages stay on disk. */
    @Terminator
    public static void stop() {
        get().queues.stop();
    }

    Outbox outbox() {
        return outbox;
    }

    MessageLog log() {
        return log;
    }

    ChannelQueues queues() {
        return queues;
    }
}
