package io.jenkins.plugins.minibuild.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Action;
import hudson.model.Item;
import hudson.model.ModelObject;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.access.CodeAdapter;
import io.jenkins.plugins.minibuild.diff.DiffJson;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff;
import io.jenkins.plugins.minibuild.diff.UnreadableDiffException;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.step.BuildProgressAction;
import io.jenkins.plugins.minibuild.step.ResponseAdapter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import jenkins.security.stapler.StaplerAccessibleType;
import jenkins.util.VirtualFile;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;

/** The page of a build on which its runs of Claude are watched, while they run and afterwards. */
public final class ClaudeRunsAction implements Action {
    static final String URL = "mini-build-claude";

    /** Each stream holds a thread of the web server; further viewers poll. */
    private static final Semaphore STREAMS = new Semaphore(20);

    /** Then the browser connects again and says where it was. */
    private static final Duration LONGEST_STREAM = Duration.ofMinutes(5);

    private static final Duration LOOK = Duration.ofMillis(40);
    private static final Duration STATE = Duration.ofMillis(500);
    private static final Duration ALIVE = Duration.ofSeconds(10);
    private static final int LINES = 500;
    private static final int BYTES = 2 << 20;
    /** Bytes of a patch that the page shows. */
    private static final int LARGEST_PATCH = 8 << 20;

    private final Run<?, ?> run;

    ClaudeRunsAction(Run<?, ?> run) {
        this.run = run;
    }

    static Path folder(Run<?, ?> run) {
        return run.getRootDir().toPath().resolve("mini-build");
    }

    @Override
    public String getIconFileName() {
        return "symbol-terminal";
    }

    @Override
    public String getDisplayName() {
        return Messages.ClaudeRunsAction_DisplayName();
    }

    @Override
    public String getUrlName() {
        return URL;
    }

    public Run<?, ?> getRun() {
        return run;
    }

    /** The runs in their order. */
    public List<Page> getRuns() throws IOException {
        run.checkPermission(Item.READ);
        List<Page> pages = new ArrayList<>();
        for (RunFolder folder : RunFolder.all(folder(run))) {
            pages.add(new Page(run, folder));
        }
        return pages;
    }

    /** The page of a run by its number; null for none. */
    @CheckForNull
    public Page getDynamic(String number) throws IOException {
        CodeAdapter.check(run);
        for (Page page : getRuns()) {
            if (String.valueOf(page.getNumber()).equals(number)) {
                return page;
            }
        }
        return null;
    }

    /** One run. */
    @StaplerAccessibleType
    public static final class Page implements ModelObject {
        private final Run<?, ?> run;
        private final RunFolder folder;

        private Page(Run<?, ?> run, RunFolder folder) {
            this.run = run;
            this.folder = folder;
        }

        public Run<?, ?> getRun() {
            return run;
        }

        public int getNumber() {
            return folder.number();
        }

        /** Names the work for people. */
        public String getTitle() throws IOException {
            return folder.state().path("title").asText("");
        }

        /** {@code running}, {@code lost} when a restart ended it, or how it ended. */
        public String getState() throws IOException {
            String state = folder.state().path("state").asText("running");
            return state.equals("running") && !run.isBuilding() ? "lost" : state;
        }

        /** The state for people. */
        public String getStateName() throws IOException {
            return name(getState());
        }

        private static String name(String state) {
            return switch (state) {
                case "running" -> Messages.ClaudeRunsAction_state_running();
                case "done" -> Messages.ClaudeRunsAction_state_done();
                case "turns" -> Messages.ClaudeRunsAction_state_turns();
                case "time" -> Messages.ClaudeRunsAction_state_time();
                case "budget" -> Messages.ClaudeRunsAction_state_budget();
                case "output" -> Messages.ClaudeRunsAction_state_output();
                case "overloaded" -> Messages.ClaudeRunsAction_state_overloaded();
                case "refused" -> Messages.ClaudeRunsAction_state_refused();
                case "authentication" -> Messages.ClaudeRunsAction_state_authentication();
                case "broken_stream" -> Messages.ClaudeRunsAction_state_broken_stream();
                case "crashed" -> Messages.ClaudeRunsAction_state_crashed();
                case "cancelled" -> Messages.ClaudeRunsAction_state_cancelled();
                case "failed" -> Messages.ClaudeRunsAction_state_failed();
                case "aborted" -> Messages.ClaudeRunsAction_state_aborted();
                case "lost" -> Messages.ClaudeRunsAction_state_lost();
                default -> state;
            };
        }

        @Override
        public String getDisplayName() {
            try {
                return "#" + getNumber() + " " + getTitle();
            } catch (IOException e) {
                return "#" + getNumber();
            }
        }

        /** How often the model answered; null before that is known. */
        @CheckForNull
        public Integer getTurns() throws IOException {
            JsonNode turns = folder.state().path("turns");
            return turns.isInt() ? (Integer) turns.asInt() : null;
        }

        /** For people; empty before it is known. */
        public String getPrice() throws IOException {
            JsonNode dollars = folder.state().path("dollars");
            return dollars.isNumber() ? "$" + ClaudeRun.dollars(dollars.asDouble()) : "";
        }

        /** Minutes and seconds, for people; empty before it is known. */
        public String getTime() throws IOException {
            JsonNode state = folder.state();
            if (!state.path("started").isNumber()) {
                return "";
            }
            long until = getState().equals("running")
                    ? System.currentTimeMillis()
                    : state.path("millis").asLong();
            long seconds = Math.max(0, until - state.path("started").asLong()) / 1000;
            return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
        }

        /** The bars of the build's phases; null if it has none. */
        @CheckForNull
        public BuildProgressAction getProgress() {
            return run.getAction(BuildProgressAction.class);
        }

        /** Where its change will be, below the build's page; empty if it makes none. */
        public String getPatch() throws IOException {
            return folder.state().path("patch").asText("");
        }

        /** Whether the user can cancel it. */
        public boolean isCancellable() throws IOException {
            return getState().equals("running") && run.hasPermission(Item.CANCEL);
        }

        private ObjectNode state() throws IOException {
            JsonNode stored = folder.state();
            ObjectNode state = stored instanceof ObjectNode object ? object : Json.MAPPER.createObjectNode();
            String now = getState();
            return state.put("state", now)
                    .put("name", name(now))
                    .put("building", run.isBuilding())
                    .put("now", System.currentTimeMillis());
        }

        /** How it stands, as JSON; {@code kept} says whether there is a patch of its changes. */
        @GET
        public void doState(StaplerResponse2 response) throws IOException {
            run.checkPermission(Item.READ);
            String patch = getPatch();
            ResponseAdapter.json(
                    response,
                    state().put(
                                    "kept",
                                    !patch.isEmpty()
                                            && run.getArtifactManager()
                                                    .root()
                                                    .child(patch)
                                                    .exists()));
        }

        /**
         * What the run changed, as JSON that {@link DiffJson} explains. An artifact is what a build made of it, so it is read like anybody's diff; 404 while
         * there is none.
         */
        @GET
        public void doChanges(StaplerResponse2 response) throws IOException {
            CodeAdapter.check(run);
            String patch = getPatch();
            VirtualFile file =
                    patch.isEmpty() ? null : run.getArtifactManager().root().child(patch);
            if (file == null || !file.exists()) {
                response.sendError(404);
                return;
            }
            if (file.length() > LARGEST_PATCH) {
                ResponseAdapter.json(
                        response, DiffJson.problem(Messages.ClaudeRunsAction_largePatch(LARGEST_PATCH >> 20)));
                return;
            }
            try (InputStream in = file.open()) {
                ResponseAdapter.json(response, DiffJson.of(UnifiedDiff.parse(in.readNBytes(LARGEST_PATCH))));
            } catch (UnreadableDiffException e) {
                ResponseAdapter.json(response, DiffJson.problem(e.getMessage()));
            }
        }

        /** Events from a place on, as JSON: {@code events}, {@code end} (the place to go on from) and {@code state}. */
        @GET
        public void doEvents(StaplerResponse2 response, @QueryParameter String from) throws IOException {
            CodeAdapter.check(run);
            // Before the events: a run that has ended before them has no more.
            ObjectNode state = state();
            RunFolder.Part part = folder.read(place(from), LINES, BYTES);
            ObjectNode answer = Json.MAPPER.createObjectNode().put("end", part.end());
            ArrayNode events = answer.putArray("events");
            for (RunFolder.Line line : part.lines()) {
                events.addRawValue(new com.fasterxml.jackson.databind.util.RawValue(line.json()));
            }
            answer.put("more", part.lines().size() >= LINES || part.end() - place(from) >= BYTES);
            answer.set("state", state);
            ResponseAdapter.json(response, answer);
        }

        /** The same as server-sent events; {@code Last-Event-ID} or {@code from} says where to go on. 503 when too many watch. */
        @GET
        public void doStream(StaplerRequest2 request, StaplerResponse2 response, @QueryParameter String from)
                throws IOException {
            CodeAdapter.check(run);
            if (!STREAMS.tryAcquire()) {
                response.sendError(503);
                return;
            }
            try {
                String last = request.getHeader("Last-Event-ID");
                ResponseAdapter.headers(response, "text/event-stream");
                // Otherwise proxies such as nginx buffer the events.
                response.setHeader("X-Accel-Buffering", "no");
                stream(response.getOutputStream(), place(last == null ? from : last));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                STREAMS.release();
            }
        }

        private void stream(OutputStream out, long from) throws IOException, InterruptedException {
            long at = from;
            long end = System.nanoTime() + LONGEST_STREAM.toNanos();
            long spoken = System.nanoTime();
            String told = "";
            ObjectNode state = state();
            long stated = System.nanoTime();
            while (System.nanoTime() < end) {
                // Before the events: a run that had ended before they were read has no more.
                if (System.nanoTime() - stated > STATE.toNanos()) {
                    state = state();
                    stated = System.nanoTime();
                }
                boolean running = state.get("state").asText().equals("running");
                RunFolder.Part part = folder.read(at, LINES, BYTES);
                StringBuilder text = new StringBuilder();
                for (RunFolder.Line line : part.lines()) {
                    text.append("id: ")
                            .append(line.end())
                            .append("\ndata: ")
                            .append(line.json())
                            .append("\n\n");
                }
                state.remove("now");
                String now = Json.text(state);
                if (!now.equals(told)) {
                    text.append("event: state\ndata: ").append(now).append("\n\n");
                    told = now;
                }
                boolean over = !running && part.lines().isEmpty();
                if (over) {
                    text.append("event: end\ndata: {}\n\n");
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
                boolean moved = part.end() > at;
                at = Math.max(at, part.end());
                if (!moved) {
                    Thread.sleep(LOOK.toMillis());
                }
            }
        }

        private static long place(@CheckForNull String given) {
            return given != null && given.matches("[0-9]{1,18}") ? Long.parseLong(given) : 0;
        }

        /** The prompt. */
        @GET
        public void doPrompt(StaplerResponse2 response) throws IOException {
            CodeAdapter.check(run);
            ResponseAdapter.send(response, "text/plain", folder.prompt().getBytes(StandardCharsets.UTF_8));
        }

        /** All events as they are stored. */
        @GET
        public void doRaw(StaplerResponse2 response) throws IOException {
            CodeAdapter.check(run);
            ResponseAdapter.headers(response, "text/plain");
            if (Files.exists(folder.events())) {
                try (InputStream in = Files.newInputStream(folder.events())) {
                    in.transferTo(response.getOutputStream());
                }
            }
        }

        /** Ends the run; the build goes on with what it does then. */
        @RequirePOST
        public HttpResponse doCancel() throws IOException {
            run.checkPermission(Item.CANCEL);
            folder.cancel();
            return HttpResponses.redirectTo(".");
        }
    }
}
