package io.jenkins.plugins.minibuild.workflow.engine;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.Launcher;
import hudson.remoting.Channel;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.language.BoundLocale;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.process.ContainerEngine;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The processes of jobs on an agent of Jenkins, by one connection: when that closes, {@link JobNews#away} is told for each job that is followed, and the following
 * begins again by another host with the next connection. The news come on threads of the connection, and the agent waits until they are taken; what
 * {@link JobNews} throws ends the following of that job as away. News that cannot be true in form end the job.
 */
public final class AgentJobHost implements JobHost {
    private static final Logger LOGGER = Logger.getLogger(AgentJobHost.class.getName());

    /** Ending takes three seconds for what ignores TERM, and some for what hangs. */
    private static final Duration END = Duration.ofMinutes(2);

    private static final Duration START = Duration.ofMinutes(3);
    /** Until the agent says that it follows a job. */
    private static final Duration BEGIN = Duration.ofMinutes(1);

    private final Agent agent;
    private final JobNews news;
    private final String id = UUID.randomUUID().toString();
    private final String language = BoundLocale.tag();
    private final Map<String, Followed> followed = new ConcurrentHashMap<>();
    private final AtomicInteger followings = new AtomicInteger();
    private final Map<String, ContainerEngine> engines = new HashMap<>();
    private final JobPush push = this::take;
    private volatile boolean closed;

    @CheckForNull
    private final Channel channel;

    private final Channel.Listener onClosed = new Channel.Listener() {
        @Override
        public void onClosed(Channel gone, IOException cause) {
            followed.values().forEach(job -> away(job, Messages.AgentJobHost_away()));
        }
    };

    /**
     * Where the jobs run.
     *
     * @param workspace on the agent
     * @param temp for temporary files, on the agent, not in the workspace; made if it is not there
     * @param launcher of the agent
     * @param environment of all steps, as Jenkins overrides variables: an empty value removes
     */
    public record Agent(FilePath workspace, FilePath temp, Launcher launcher, Map<String, String> environment) {
        /** Copies the map. */
        public Agent {
            environment = Map.copyOf(environment);
        }
    }

    /** @param news takes what happens to the jobs that are followed */
    public AgentJobHost(Agent agent, JobNews news) {
        this.agent = agent;
        this.news = news;
        this.channel = agent.temp().getChannel() instanceof Channel connection ? connection : null;
        if (channel != null) {
            channel.addListener(onClosed);
        }
    }

    @Override
    public void start(JobOrder order) throws IOException, InterruptedException {
        if (!agent.launcher().isUnix()) {
            throw new AbortException(Messages.AgentJobHost_notUnix());
        }
        JobScript.Place place = new JobScript.Place(
                agent.workspace().getRemote(),
                agent.temp().getRemote() + "/" + StartJob.FOLDER + "/" + order.id(),
                agent.environment().containsKey("MINI_BUILD_LIMITS"));
        JobScript script = JobScript.of(order, place, this::engine);
        AgentAnswer.act(agent.temp(), new StartJob(order.id(), script, agent.environment()), Boolean.class, START);
    }

    /** Asks the agent once. */
    private ContainerEngine engine(String command) throws IOException, InterruptedException {
        synchronized (engines) {
            ContainerEngine known = engines.get(command);
            if (known == null) {
                agent.workspace().mkdirs();
                known = command.isEmpty()
                        ? ContainerEngine.any(agent.launcher(), agent.workspace())
                        : ContainerEngine.on(agent.launcher(), agent.workspace(), command);
                engines.put(command, known);
            }
            return known;
        }
    }

    @Override
    public void follow(String job, Known from) {
        Followed begun = new Followed(job, followings.incrementAndGet(), from);
        followed.put(job, begun);
        try {
            VirtualChannel connection = agent.temp().getChannel();
            // Exported for each call: an agent gives an export back when it has no use for it.
            JobPush exported = connection.export(JobPush.class, push);
            AgentAnswer.call(
                    connection,
                    new FollowJob(
                            id, exported, agent.temp().getRemote(), new FollowJob.Wish(job, begun.following, from)),
                    Boolean.class,
                    BEGIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            away(begun, Messages.AgentJobHost_away());
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> "The job " + job + " cannot be followed");
            away(begun, Messages.AgentJobHost_away());
        }
    }

    @Override
    public void endStep(String job, int step) throws IOException, InterruptedException {
        end(EndJob.What.STEP, job, step);
    }

    @Override
    public void cancel(String job) throws IOException, InterruptedException {
        end(EndJob.What.CANCEL, job, 0);
    }

    @Override
    public void kill(String job) throws IOException, InterruptedException {
        end(EndJob.What.KILL, job, 0);
    }

    private void end(EndJob.What what, String job, int step) throws IOException, InterruptedException {
        AgentAnswer.act(agent.temp(), new EndJob(what, job, step), Boolean.class, END);
    }

    @Override
    public void forget(String job) throws IOException, InterruptedException {
        followed.remove(job);
        AgentAnswer.act(agent.temp(), new ForgetJob(job), Boolean.class, END);
    }

    @Override
    public void close() {
        closed = true;
        followed.clear();
        if (channel != null) {
            channel.removeListener(onClosed);
        }
        try {
            AgentAnswer.ask(agent.temp().getChannel(), new FollowJob.Stop(id), Boolean.class);
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, "The agent is gone", e);
        }
    }

    // ---- what agents say

    /** What is known of a job that is followed. Its monitor is held while its news are told. */
    private static final class Followed {
        private final String job;
        private final int following;
        private final Map<Integer, Long> logs;
        private int events;
        /** -1 while no beginning of a step was told. */
        private int running = -1;

        private int attempt;
        private boolean over;

        Followed(String job, int following, Known from) {
            this.job = job;
            this.following = following;
            this.events = from.events();
            this.logs = new HashMap<>(from.logs());
        }
    }

    private boolean take(byte[] bytes) {
        try (BoundLocale spoken = BoundLocale.bind(BoundLocale.tagged(language))) {
            JobNewsFormat.Reader reader = new JobNewsFormat.Reader(bytes);
            JobNewsFormat.Item item = reader.next();
            while (item != null && !closed) {
                Followed job = followed.get(item.job());
                if (job != null && job.following == item.following()) {
                    take(job, item.what());
                }
                item = reader.next();
            }
        } catch (IllegalArgumentException e) {
            List.copyOf(followed.values()).forEach(job -> refuse(job, e));
            return false;
        }
        return !closed;
    }

    private void take(Followed job, JobNewsFormat.What what) {
        synchronized (job) {
            if (job.over) {
                return;
            }
            try {
                check(job, what);
            } catch (IllegalArgumentException e) {
                refuse(job, e);
                return;
            }
            try {
                tell(job, what);
            } catch (RuntimeException e) {
                LOGGER.log(Level.WARNING, e, () -> "What the job " + job.job + " tells could not be kept");
                away(job, Messages.AgentJobHost_notKept(String.valueOf(e.getMessage())));
            }
        }
    }

    /** Counts what is told; what cannot follow what was told before is refused. */
    private static void check(Followed job, JobNewsFormat.What what) {
        if (what instanceof JobNewsFormat.Log log) {
            long known = job.logs.getOrDefault(log.step(), 0L);
            AgentAnswer.number("the offset of the log", log.offset(), known, known);
            job.logs.put(log.step(), known + log.bytes().length);
        } else if (what instanceof JobNewsFormat.Started started) {
            next(job, started.event());
            job.running = started.step();
            job.attempt = started.attempt();
        } else if (what instanceof JobNewsFormat.StepEnded ended) {
            next(job, ended.event());
            if (job.running >= 0) {
                AgentAnswer.number("the step that ended", ended.result().step(), job.running, job.running);
                AgentAnswer.number("the attempt that ended", ended.result().attempt(), job.attempt, job.attempt);
            }
        } else if (what instanceof JobNewsFormat.Skipped skipped) {
            next(job, skipped.event());
        } else if (what instanceof JobNewsFormat.Ended ended) {
            next(job, ended.event());
        }
    }

    private static void next(Followed job, JobNews.Event event) {
        AgentAnswer.number("the number of the event", event.number(), job.events + 1L, job.events + 1L);
        job.events++;
    }

    private void tell(Followed job, JobNewsFormat.What what) {
        if (what instanceof JobNewsFormat.Log log) {
            news.log(job.job, log.step(), log.offset(), log.bytes());
        } else if (what instanceof JobNewsFormat.Started started) {
            news.stepStarted(job.job, started.event(), started.step(), started.attempt());
        } else if (what instanceof JobNewsFormat.Skipped skipped) {
            news.stepSkipped(job.job, skipped.event(), skipped.step());
        } else if (what instanceof JobNewsFormat.StepEnded ended) {
            JobNewsFormat.StepResult result = ended.result();
            news.stepEnded(
                    job.job,
                    ended.event(),
                    result.step(),
                    new JobNews.StepEnd(
                            result.attempt(),
                            result.code(),
                            result.last(),
                            result.outputs().values(),
                            problem(result.outputs())));
        } else if (what instanceof JobNewsFormat.Ended ended) {
            over(job);
            news.ended(job.job, ended.event());
        } else if (what instanceof JobNewsFormat.Lost lost) {
            over(job);
            news.lost(job.job, reason(lost.why()));
        }
    }

    private void over(Followed job) {
        job.over = true;
        followed.remove(job.job, job);
    }

    private void away(Followed job, String reason) {
        synchronized (job) {
            if (!job.over) {
                over(job);
                if (!closed) {
                    news.away(job.job, reason);
                }
            }
        }
    }

    /** Ends a job whose agent tells what cannot be. */
    private void refuse(Followed job, IllegalArgumentException why) {
        synchronized (job) {
            if (job.over) {
                return;
            }
            over(job);
            String said = String.valueOf(why.getMessage());
            LOGGER.log(
                    Level.WARNING, "The agent told of the job {0} what cannot be: {1}", new Object[] {job.job, said});
            try {
                AgentAnswer.ask(
                        agent.temp().getChannel(),
                        new EndJob.There(agent.temp().getRemote(), new EndJob(EndJob.What.KILL, job.job, 0)),
                        Boolean.class);
            } catch (IOException | RuntimeException e) {
                LOGGER.log(Level.FINE, "The agent is gone", e);
            }
            news.lost(job.job, Messages.AgentJobHost_refused(said.length() > 200 ? said.substring(0, 200) : said));
        }
    }

    private static String problem(StepOutputs outputs) {
        return switch (outputs.problem()) {
            case NONE -> "";
            case LINE -> Messages.AgentJobHost_outputLine(outputs.line());
            case TOO_MANY -> Messages.AgentJobHost_outputMany(JobNewsFormat.MOST_OUTPUTS);
            case TOO_LONG -> Messages.AgentJobHost_outputLong(JobNewsFormat.MOST_OUTPUT_BYTES >> 10);
            case UNREADABLE -> Messages.AgentJobHost_outputUnreadable();
        };
    }

    private static String reason(JobNewsFormat.Loss loss) {
        return switch (loss) {
            case NO_FOLDER -> Messages.AgentJobHost_noFolder();
            case NOT_STARTED -> Messages.AgentJobHost_notStarted();
            case DIED -> Messages.AgentJobHost_died();
            case KILLED -> Messages.AgentJobHost_killed();
            case UNREADABLE -> Messages.AgentJobHost_unreadable();
        };
    }
}
