package io.jenkins.plugins.minibuild.workflow.engine;

import hudson.remoting.Channel;
import io.jenkins.plugins.minibuild.workflow.engine.JobHost.Known;
import java.io.File;
import java.io.IOException;
import java.util.HashMap;
import jenkins.security.MasterToSlaveCallable;

/** Begins to follow a job on the agent, and returns. Answers whether it has begun. */
final class FollowJob extends MasterToSlaveCallable<Boolean, IOException> {
    private static final long serialVersionUID = 1L;

    private final String host;
    private final JobPush push;
    private final String temp;
    private final String job;
    private final int following;
    private final int events;
    private final HashMap<Integer, Long> logs;

    FollowJob(String host, JobPush push, String temp, Wish wish) {
        this.host = host;
        this.push = push;
        this.temp = temp;
        this.job = wish.job();
        this.following = wish.following();
        this.events = wish.from().events();
        this.logs = new HashMap<>(wish.from().logs());
    }

    /**
     * What is to be followed.
     *
     * @param following a number that comes back with all of its news
     */
    record Wish(String job, int following, Known from) {}

    @Override
    public Boolean call() {
        if (JobFollower.follow(
                host, push, new File(temp).toPath(), new Wish(job, following, new Known(events, logs)))) {
            Channel channel = Channel.current();
            if (channel != null) {
                // An agent can connect again without a new process.
                channel.addListener(new End(host));
            }
        }
        return true;
    }

    /** Ends the following of a host. */
    static final class Stop extends MasterToSlaveCallable<Boolean, IOException> {
        private static final long serialVersionUID = 1L;

        private final String host;

        Stop(String host) {
            this.host = host;
        }

        @Override
        public Boolean call() {
            JobFollower.stop(host);
            return true;
        }
    }

    private static final class End extends Channel.Listener {
        private final String host;

        End(String host) {
            this.host = host;
        }

        @Override
        public void onClosed(Channel channel, IOException cause) {
            JobFollower.stop(host);
        }
    }
}
