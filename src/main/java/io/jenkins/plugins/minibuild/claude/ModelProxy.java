package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.process.Redactor;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.MasterToSlaveFileCallable;

/**
 * The way of one run of the command to the model's service: a {@link ModelProxyServer} on the agent. The command is given a token of this run, never
 * the key. For one thread of the controller.
 */
final class ModelProxy implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(ModelProxy.class.getName());
    /** US dollars that one call, which began below the cap, may cost beyond it. */
    private static final double MOST_BEYOND = 50;

    private final FilePath folder;
    private final Shown shown;
    private final double dollars;
    private final ModelProxyServer.Place place;
    private ModelProxyServer.Count last = ModelProxyServer.Count.NONE;
    private boolean closed;

    /**
     * What the command is told.
     *
     * @param only the model that it has to take for everything; null for its own choices
     */
    private record Shown(String token, @CheckForNull String only) {}

    private ModelProxy(FilePath folder, Shown shown, double dollars, ModelProxyServer.Place place) {
        this.folder = folder;
        this.shown = shown;
        this.dollars = dollars;
        this.place = place;
    }

    /**
     * Opens one.
     *
     * @param folder on the agent, that the command sees
     * @param unix whether the agent has sockets in its file system
     * @param dollars US dollars after which no call goes through
     * @param redactor learns the token
     */
    static ModelProxy open(FilePath folder, boolean unix, ClaudeRequest.Model model, double dollars, Redactor redactor)
            throws IOException, InterruptedException {
        String token = "mini-build-run-" + UUID.randomUUID();
        redactor.add(token);
        Secret key = model.key();
        ModelProxyServer.Task task = new ModelProxyServer.Task(
                key.getPlainText(), token, URI.create(model.service()), dollars, new ArrayList<>(model.allowed()));
        String only = model.allowed().isEmpty() ? null : model.name();
        return new ModelProxy(
                folder,
                new Shown(token, only),
                dollars,
                AgentAnswer.act(folder, new Open(task, unix), ModelProxyServer.Place.class));
    }

    /** The variables of the command. */
    Map<String, String> environment() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("ANTHROPIC_API_KEY", shown.token());
        if (shown.only() != null) {
            // It has smaller models for side work, which the policy may not have.
            for (String name : List.of("DEFAULT_HAIKU_MODEL", "SMALL_FAST_MODEL")) {
                variables.put("ANTHROPIC_" + name, shown.only());
            }
            variables.put("CLAUDE_CODE_SUBAGENT_MODEL", shown.only());
        }
        if (place.socket().isEmpty()) {
            variables.put("ANTHROPIC_BASE_URL", "http://127.0.0.1:" + place.port());
            variables.put("NO_PROXY", "127.0.0.1" + (place.exceptions().isEmpty() ? "" : "," + place.exceptions()));
        } else {
            variables.put("ANTHROPIC_BASE_URL", "http://localhost");
            variables.put("ANTHROPIC_UNIX_SOCKET", place.socket());
        }
        return variables;
    }

    /** The folder that the command has to see, too; null for none. */
    @CheckForNull
    FilePath socketFolder() {
        return place.folder().isEmpty() ? null : new FilePath(folder.getChannel(), place.folder());
    }

    /** Asks the agent what was used until now. It is not believed everything: what cannot be counts as all the money of the run. */
    ModelProxyServer.Count count() throws IOException, InterruptedException {
        return closed
                ? last
                : believe(AgentAnswer.act(folder, new Ask(place.id(), false), ModelProxyServer.Count.class));
    }

    private ModelProxyServer.Count believe(ModelProxyServer.Count told) {
        double sum = told.dollars();
        boolean possible = sum >= 0 && sum <= dollars + MOST_BEYOND;
        last = new ModelProxyServer.Count(possible ? sum : dollars, told.tokens(), told.calls(), told.refused());
        return last;
    }

    /** What was used, as far as is known; asks nobody. */
    ModelProxyServer.Count last() {
        return last;
    }

    /** Ends it; afterwards {@link #last} tells all that was used. Never throws: how the run ended matters more. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean interrupted = Thread.interrupted();
        try {
            believe(AgentAnswer.act(folder, new Ask(place.id(), true), ModelProxyServer.Count.class));
        } catch (IOException e) {
            // The agent is gone, and the proxy with it; what it may have cost meanwhile is not known.
            LOGGER.log(Level.FINE, "the proxy to the model did not tell its last count", e);
            last = new ModelProxyServer.Count(
                    Math.max(last.dollars(), dollars), last.tokens(), last.calls(), last.refused());
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static final class Open extends MasterToSlaveFileCallable<ModelProxyServer.Place> {
        private static final long serialVersionUID = 1L;
        private final ModelProxyServer.Task task;
        private final boolean unix;

        Open(ModelProxyServer.Task task, boolean unix) {
            this.task = task;
            this.unix = unix;
        }

        @Override
        public ModelProxyServer.Place invoke(File folder, VirtualChannel channel) throws IOException {
            return ModelProxyServer.open(task, unix ? folder.toPath() : null);
        }
    }

    static final class Ask extends MasterToSlaveFileCallable<ModelProxyServer.Count> {
        private static final long serialVersionUID = 1L;
        private final String id;
        private final boolean last;

        Ask(String id, boolean last) {
            this.id = id;
            this.last = last;
        }

        @Override
        public ModelProxyServer.Count invoke(File folder, VirtualChannel channel) throws IOException {
            return last ? ModelProxyServer.close(id) : ModelProxyServer.count(id);
        }
    }
}
