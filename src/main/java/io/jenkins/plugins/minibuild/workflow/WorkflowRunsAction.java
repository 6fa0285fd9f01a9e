package io.jenkins.plugins.minibuild.workflow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Action;
import hudson.model.Item;
import hudson.model.ModelObject;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.access.CodeAdapter;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.files.TextSearch;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.step.ResponseAdapter;
import io.jenkins.plugins.minibuild.workflow.plan.Plan;
import io.jenkins.plugins.minibuild.workflow.run.Entry;
import io.jenkins.plugins.minibuild.workflow.run.Journal;
import io.jenkins.plugins.minibuild.workflow.run.LiveRun;
import io.jenkins.plugins.minibuild.workflow.run.LogReader;
import io.jenkins.plugins.minibuild.workflow.run.RunFolder;
import io.jenkins.plugins.minibuild.workflow.run.RunSummary;
import io.jenkins.plugins.minibuild.workflow.run.State;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import jenkins.model.Jenkins;
import jenkins.security.stapler.StaplerAccessibleType;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;

/**
 * The page of a build on which its workflows are watched, while they run and afterwards. The journal and the logs are what the console of the build is: who may read the build may
 * read them. The YAML is code.
 */
@ExportedBean
public final class WorkflowRunsAction implements Action {
    static final String URL = "mini-build-workflow";

    /** Where the link "Retry" of a build is; it shows itself to who may use it. */
    private static final String RETRY = "mini-build-retry";

    /** Each stream holds a thread of the web server; further viewers poll. */
    private static final Semaphore STREAMS = new Semaphore(20);

    /** Then the browser connects again and says where it was. */
    private static final Duration LONGEST_STREAM = Duration.ofMinutes(5);

    private static final Duration LOOK = Duration.ofMillis(40);
    private static final Duration STATE = Duration.ofMillis(500);
    private static final Duration ALIVE = Duration.ofSeconds(10);
    private static final Duration SEARCH = Duration.ofMillis(700);
    private static final int ENTRIES = 2000;
    private static final int LINES = 1000;
    /** Lines that are told as soon as they are there; of more the last ones are, and the page asks for those that are looked at. */
    private static final int TOLD = 300;

    private static final int BYTES = 1 << 20;
    private static final int FOUND = 1000;

    private final Run<?, ?> run;

    WorkflowRunsAction(Run<?, ?> run) {
        this.run = run;
    }

    static Path folder(Run<?, ?> run) {
        return run.getRootDir().toPath().resolve("mini-build");
    }

    /** A state for people. */
    static String word(State state) {
        return switch (state) {
            case PENDING -> Messages.WorkflowRunsAction_state_pending();
            case RUNNING -> Messages.WorkflowRunsAction_state_running();
            case SUCCEEDED -> Messages.WorkflowRunsAction_state_succeeded();
            case FAILED -> Messages.WorkflowRunsAction_state_failed();
            case SKIPPED -> Messages.WorkflowRunsAction_state_skipped();
            case CANCELLED -> Messages.WorkflowRunsAction_state_cancelled();
        };
    }

    /** Minutes and seconds, with hours where there are any. */
    static String duration(long millis) {
        long seconds = Math.max(0, millis) / 1000;
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    @Override
    public String getIconFileName() {
        return "symbol-project-relationship";
    }

    @Override
    public String getDisplayName() {
        return Messages.WorkflowRunsAction_displayName();
    }

    @Override
    public String getUrlName() {
        return URL;
    }

    public Run<?, ?> getRun() {
        return run;
    }

    /** The workflows in their order. */
    public List<Page> getPages() throws IOException {
        run.checkPermission(Item.READ);
        List<Page> pages = new ArrayList<>();
        for (RunFolder each : RunFolder.all(folder(run))) {
            pages.add(new Page(run, each));
        }
        return pages;
    }

    /** The workflows with their jobs and steps. */
    @Exported
    public List<WorkflowTreeAdapter> getWorkflows() throws IOException {
        run.checkPermission(Item.READ);
        List<WorkflowTreeAdapter> trees = new ArrayList<>();
        for (RunFolder each : RunFolder.all(folder(run))) {
            trees.add(WorkflowTreeAdapter.of(each));
        }
        return trees;
    }

    /** The page of a workflow by its number; null for none. */
    @CheckForNull
    public Page getDynamic(String number) throws IOException {
        run.checkPermission(Item.READ);
        if (!number.matches("[1-9][0-9]{0,5}")) {
            return null;
        }
        RunFolder folder = RunFolder.of(folder(run), Integer.parseInt(number));
        return Files.isRegularFile(folder.path().resolve("plan.json")) ? new Page(run, folder) : null;
    }

    /** One workflow. */
    @StaplerAccessibleType
    public static final class Page implements ModelObject {
        private final Run<?, ?> run;
        private final RunFolder folder;

        @CheckForNull
        private RunSummary summary;

        private Page(Run<?, ?> run, RunFolder folder) {
            this.run = run;
            this.folder = folder;
        }

        public Run<?, ?> getRun() {
            return run;
        }

        /** The words of the scripts. */
        public WorkflowWords getWords() {
            return new WorkflowWords();
        }

        public int getNumber() {
            return folder.number();
        }

        private RunSummary summary() throws IOException {
            if (summary == null) {
                summary = RunSummary.of(folder);
            }
            return summary;
        }

        /** Of the workflow; its number if it has none. */
        public String getName() throws IOException {
            String name = summary().name();
            return name.isEmpty() ? "#" + getNumber() : name;
        }

        @Override
        public String getDisplayName() {
            try {
                return Messages.WorkflowRunsAction_page(getName());
            } catch (IOException e) {
                return "#" + getNumber();
            }
        }

        /** The state in the journal; {@code lost} if the build ended before the workflow did. */
        public String getState() throws IOException {
            return isLost() ? "lost" : summary().state().word();
        }

        /** The state for people. */
        public String getStateName() throws IOException {
            return isLost()
                    ? Messages.WorkflowRunsAction_state_lost()
                    : word(summary().state());
        }

        private boolean isLost() throws IOException {
            return summary().state().isOpen() && !run.isBuilding();
        }

        /** For people; empty before it began. */
        public String getTime() throws IOException {
            RunSummary now = summary();
            if (now.started() == 0) {
                return "";
            }
            long until = now.ended() > 0 ? now.ended() : isLost() ? now.started() : System.currentTimeMillis();
            return until <= now.started() && isLost() ? "" : duration(until - now.started());
        }

        /** The bar of the build's page: how many jobs are in which state. */
        public List<Part> getParts() throws IOException {
            List<Part> parts = new ArrayList<>();
            int before = 0;
            for (State state : List.of(
                    State.SUCCEEDED, State.FAILED, State.CANCELLED, State.RUNNING, State.SKIPPED, State.PENDING)) {
                int count = summary().jobs().getOrDefault(state, 0);
                if (count > 0) {
                    parts.add(new Part(state, before, count));
                }
                before += count;
            }
            return parts;
        }

        /** How many jobs there are. */
        public int getJobCount() throws IOException {
            return summary().jobs().values().stream()
                    .mapToInt(Integer::intValue)
                    .sum();
        }

        /** Jobs of one state, in the form that pages want: Jelly reads beans. */
        public static final class Part {
            private final State state;
            private final int before;
            private final int count;

            Part(State state, int before, int count) {
                this.state = state;
                this.before = before;
                this.count = count;
            }

            public String getWord() {
                return state.word();
            }

            public String getName() {
                return word(state);
            }

            /** Where it begins, in jobs. */
            public int getBefore() {
                return before;
            }

            public int getCount() {
                return count;
            }
        }

        /** Whether the user may end it. */
        public boolean isCancellable() {
            return LiveRunsAdapter.find(run, getNumber()) != null && run.hasPermission(Item.CANCEL);
        }

        /** Whether the user can run its failed jobs again, and there is something to take over. */
        public boolean isRepeatable() throws IOException {
            return !run.isBuilding()
                    && run.getAllActions().stream()
                            .anyMatch(each -> RETRY.equals(each.getUrlName()) && each.getIconFileName() != null)
                    && folder.state(folder.plan()).getJobs().stream()
                            .anyMatch(job -> job.getState() == State.SUCCEEDED);
        }

        /** Whether the user may see the YAML. */
        public boolean isCode() {
            return CodeAdapter.maySee(run);
        }

        // ---- what it is

        /** The plan, as {@link PlanJson} has it. */
        @GET
        public void doPlan(StaplerResponse2 response) throws IOException {
            run.checkPermission(Item.READ);
            ResponseAdapter.json(
                    response,
                    PlanJson.of(folder.plan())
                            .put("now", System.currentTimeMillis())
                            .put("cancel", isCancellable()));
        }

        /** The YAML that ran. */
        @GET
        public void doYaml(StaplerResponse2 response) throws IOException {
            CodeAdapter.check(run);
            ResponseAdapter.send(response, "text/plain", folder.yaml().getBytes(StandardCharsets.UTF_8));
        }

        // ---- what happens

        /**
         * Entries of the journal behind a number, as JSON: {@code entries}, {@code more} (whether to ask again at once), {@code over} (whether no more come), {@code lost}.
         * With a step also its log, as {@link #doLines} has it without lines.
         */
        @GET
        public void doEvents(
                StaplerResponse2 response,
                @QueryParameter String after,
                @QueryParameter String job,
                @QueryParameter String step)
                throws IOException {
            run.checkPermission(Item.READ);
            // Before the entries: a build that had ended before they were read has no more.
            boolean building = run.isBuilding();
            List<Entry> all = Journal.read(folder.journal(), 0);
            long known = number(after, 0);
            List<Entry> entries = all.stream()
                    .filter(each -> each.seq() > known)
                    .limit(ENTRIES)
                    .toList();
            boolean more = !entries.isEmpty()
                    && entries.get(entries.size() - 1).seq()
                            < all.get(all.size() - 1).seq();
            boolean ended = all.stream().anyMatch(Page::isEnd);
            ObjectNode answer = Json.MAPPER.createObjectNode();
            answer.set("entries", Json.MAPPER.valueToTree(entries));
            answer.put("more", more)
                    .put("over", ended || !building)
                    .put("lost", !ended && !building)
                    .put("now", System.currentTimeMillis());
            Path log = log(folder.plan(), job, step);
            if (log != null) {
                answer.set("log", log(new LogReader(log).size(), List.of(), number(job, 0), number(step, 0)));
            }
            ResponseAdapter.json(response, answer);
        }

        private static boolean isEnd(Entry entry) {
            return entry.kind() == Entry.Kind.RUN
                    && entry.job().isEmpty()
                    && entry.state() != null
                    && !entry.state().isOpen();
        }

        private static long number(@CheckForNull String given, long otherwise) {
            return given != null && given.matches("[0-9]{1,18}") ? Long.parseLong(given) : otherwise;
        }

        /** The log of a step of the plan; null if there is no such step. */
        @CheckForNull
        private Path log(Plan plan, @CheckForNull String job, @CheckForNull String step) {
            long atJob = number(job, -1);
            long atStep = number(step, -1);
            if (atJob < 0
                    || atJob >= plan.jobs().size()
                    || atStep < 0
                    || atStep >= plan.jobs().get((int) atJob).steps().size()) {
                return null;
            }
            return folder.log((int) atJob, (int) atStep);
        }

        private static ObjectNode log(LogReader.Size size, List<LogReader.Line> lines, long job, long step) {
            ObjectNode log = Json.MAPPER
                    .createObjectNode()
                    .put("job", job)
                    .put("step", step)
                    .put("bytes", size.bytes())
                    .put("lines", size.lines())
                    .put("open", size.open());
            ArrayNode told = log.putArray("told");
            for (LogReader.Line line : lines) {
                told.addArray().add(line.number()).add(line.text()).add(line.cut() ? 1 : 0);
            }
            return log;
        }

        /**
         * The same as server-sent events; the id of an event is the number of its entry, and {@code Last-Event-ID} or {@code after} says where to go on. With a step its log is told
         * as {@code log} events. 503 when too many watch.
         */
        @GET
        public void doStream(
                StaplerRequest2 request,
                StaplerResponse2 response,
                @QueryParameter String after,
                @QueryParameter String job,
                @QueryParameter String step)
                throws IOException {
            run.checkPermission(Item.READ);
            Path log = log(folder.plan(), job, step);
            if (!STREAMS.tryAcquire()) {
                response.sendError(503);
                return;
            }
            try {
                String last = request.getHeader("Last-Event-ID");
                ResponseAdapter.headers(response, "text/event-stream");
                // Otherwise proxies such as nginx buffer the events.
                response.setHeader("X-Accel-Buffering", "no");
                stream(
                        response.getOutputStream(),
                        number(last == null ? after : last, 0),
                        log == null ? null : new Watched(log, number(job, 0), number(step, 0)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                STREAMS.release();
            }
        }

        /** A log that a stream tells of. */
        private static final class Watched {
            private final Path index;
            private final LogReader reader;
            private final long job;
            private final long step;
            private long indexBytes = -1;
            private LogReader.Size size;

            Watched(Path log, long job, long step) {
                String name = log.getFileName().toString();
                this.index = log.resolveSibling(name.substring(0, name.length() - 3) + "idx");
                this.reader = new LogReader(log);
                this.job = job;
                this.step = step;
            }

            /** What is new since the last question; null for nothing. */
            @CheckForNull
            ObjectNode news() throws IOException {
                long bytes = Files.exists(index) ? Files.size(index) : 0;
                if (bytes == indexBytes) {
                    return null;
                }
                indexBytes = bytes;
                LogReader.Size before = size;
                size = reader.size();
                if (before == null) {
                    return log(size, List.of(), job, step);
                }
                long first = before.open() ? before.lines() : before.lines() + 1;
                List<LogReader.Line> lines = reader.lines(Math.max(first, size.lines() - TOLD + 1), TOLD, BYTES);
                return log(size, lines, job, step);
            }
        }

        private void stream(OutputStream out, long after, @CheckForNull Watched watched)
                throws IOException, InterruptedException {
            long end = System.nanoTime() + LONGEST_STREAM.toNanos();
            long spoken = System.nanoTime();
            long stated = System.nanoTime();
            boolean building = run.isBuilding();
            boolean ended = false;
            long from = 0;
            while (System.nanoTime() < end) {
                // Before the entries: a build that had ended before they were read has no more.
                if (System.nanoTime() - stated > STATE.toNanos()) {
                    building = run.isBuilding();
                    stated = System.nanoTime();
                }
                StringBuilder text = new StringBuilder();
                Journal.Part part = Journal.read(folder.journal(), 0, from);
                from = Math.max(from, part.end());
                for (Entry entry : part.entries()) {
                    ended |= isEnd(entry);
                    if (entry.seq() > after) {
                        text.append("id: ")
                                .append(entry.seq())
                                .append("\ndata: ")
                                .append(Json.text(entry))
                                .append("\n\n");
                    }
                }
                ObjectNode log = watched == null ? null : watched.news();
                if (log != null) {
                    text.append("event: log\ndata: ").append(Json.text(log)).append("\n\n");
                }
                boolean over = (ended || !building) && text.isEmpty();
                if (over) {
                    text.append("event: end\ndata: {\"lost\":").append(!ended).append("}\n\n");
                } else if (text.isEmpty() && System.nanoTime() - spoken > ALIVE.toNanos()) {
                    // Only a write shows that the browser has gone.
                    text.append(":\n\n");
                }
                if (!text.isEmpty()) {
                    out.write(text.toString().getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    spoken = System.nanoTime();
                }
                if (over) {
                    return;
                }
                Thread.sleep(LOOK.toMillis());
            }
        }

        // ---- logs

        /** Lines of a step's log, as JSON: its size and {@code told}, a list of number, text and 1 for a line that is cut. */
        @GET
        public void doLines(
                StaplerResponse2 response,
                @QueryParameter String job,
                @QueryParameter String step,
                @QueryParameter String from,
                @QueryParameter String count)
                throws IOException {
            run.checkPermission(Item.READ);
            Path log = log(folder.plan(), job, step);
            if (log == null) {
                response.sendError(404);
                return;
            }
            LogReader reader = new LogReader(log);
            LogReader.Size size = reader.size();
            List<LogReader.Line> lines =
                    reader.lines(number(from, 1), (int) Math.max(1, Math.min(LINES, number(count, LINES))), BYTES);
            ResponseAdapter.json(response, log(size, lines, number(job, 0), number(step, 0)));
        }

        /**
         * Looks for text or a regular expression in a step's log, for a limited time, as JSON: {@code lines} (numbers), {@code next} (where to go on) and {@code over}; or
         * {@code problem}.
         */
        @GET
        public void doFind(StaplerRequest2 request, StaplerResponse2 response, @QueryParameter String text)
                throws IOException {
            run.checkPermission(Item.READ);
            Path log = log(folder.plan(), request.getParameter("job"), request.getParameter("step"));
            if (log == null) {
                response.sendError(404);
                return;
            }
            ObjectNode answer = Json.MAPPER.createObjectNode();
            try {
                TextSearch search =
                        "true".equals(request.getParameter("regex")) ? TextSearch.regex(text) : TextSearch.text(text);
                LogReader.Found found = new LogReader(log)
                        .search(search, number(request.getParameter("from"), 1), FOUND, Deadline.after(SEARCH));
                ArrayNode lines = answer.putArray("lines");
                found.lines().forEach(each -> lines.add(each.number()));
                answer.put("next", found.next()).put("over", found.over());
            } catch (IllegalArgumentException e) {
                answer.put("problem", e.getMessage());
            }
            ResponseAdapter.json(response, answer);
        }

        /** The whole log of a step, as it is stored. */
        @GET
        public void doLog(StaplerResponse2 response, @QueryParameter String job, @QueryParameter String step)
                throws IOException {
            run.checkPermission(Item.READ);
            Path log = log(folder.plan(), job, step);
            if (log == null) {
                response.sendError(404);
                return;
            }
            LogReader reader = new LogReader(log);
            ResponseAdapter.headers(response, "text/plain");
            response.setHeader(
                    "Content-Disposition",
                    "attachment; filename=\"workflow-" + getNumber() + "-" + number(job, 0) + "-" + number(step, 0)
                            + ".log\"");
            reader.copy(0, Long.MAX_VALUE, response.getOutputStream());
        }

        // ---- what people do

        /** The run as it goes on; null, and the answer 409, if it does not. */
        @CheckForNull
        private LiveRun live(StaplerResponse2 response) throws IOException {
            LiveRun live = LiveRunsAdapter.find(run, getNumber());
            if (live == null) {
                response.sendError(409, Messages.WorkflowRunsAction_over());
            }
            return live;
        }

        /** Ends the workflow; what runs after its jobs runs still. 409 if it does not go on. */
        @RequirePOST
        public void doCancel(StaplerResponse2 response) throws IOException {
            run.checkPermission(Item.CANCEL);
            LiveRun live = live(response);
            if (live != null) {
                live.cancel(Jenkins.getAuthentication2().getName());
                response.sendRedirect(".");
            }
        }

        /** Ends one job. 404 if there is none of that number, 409 if the workflow does not go on. */
        @RequirePOST
        public void doCancelJob(StaplerResponse2 response, @QueryParameter String job) throws IOException {
            run.checkPermission(Item.CANCEL);
            Plan plan = folder.plan();
            long at = number(job, -1);
            if (at < 0 || at >= plan.jobs().size()) {
                response.sendError(404);
                return;
            }
            LiveRun live = live(response);
            if (live != null) {
                live.cancelJob(
                        plan.jobs().get((int) at).id(),
                        Jenkins.getAuthentication2().getName());
                response.setStatus(204);
            }
        }
    }
}
