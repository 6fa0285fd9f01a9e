package io.jenkins.plugins.minibuild.claude;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.AbortException;
import io.jenkins.plugins.minibuild.files.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the runs of a day may cost together, for the controller and for folders. Before a run its most is set aside, afterwards what it
 * did cost is booked, so that runs at the same time do not spend the same money. It is kept in a file that is replaced as a whole and
 * written through to the disk; what a killed controller had set aside stays so until the day ends, by the controller's own time zone.
 * Safe for several threads.
 */
public final class DailyBudget {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();
    /** Less is not worth a run. */
    private static final double LEAST = 0.01;

    private final Path file;
    private final Clock clock;

    /**
     * A limit on a day's cost.
     *
     * @param name the full name of a folder; empty for the whole controller
     * @param dollars US dollars a day
     */
    public record Scope(String name, double dollars) {}

    /**
     * Money that was set aside.
     *
     * @param dollars what the run may cost
     */
    public record Reservation(List<Scope> scopes, String day, double dollars) {}

    /**
     * @param controllerFolder the plugin's own folder on the controller
     * @param clock in the time zone whose days count
     */
    public DailyBudget(Path controllerFolder, Clock clock) {
        file = controllerFolder.resolve("claude-budget.json").toAbsolutePath().normalize();
        this.clock = clock;
    }

    /**
     * Sets money aside: what is wanted, or what is left of it.
     *
     * @throws AbortException if nothing is left in one of the scopes
     */
    public Reservation reserve(List<Scope> scopes, double wanted) throws IOException {
        if (scopes.isEmpty()) {
            return new Reservation(List.of(), today(), wanted);
        }
        return change(state -> {
            double granted = wanted;
            for (Scope scope : scopes) {
                double left = scope.dollars() - spent(state, scope);
                if (left < LEAST) {
                    throw new AbortException(
                            scope.name().isEmpty()
                                    ? Messages.DailyBudget_controller(ClaudeRun.dollars(scope.dollars()))
                                    : Messages.DailyBudget_folder(scope.name(), ClaudeRun.dollars(scope.dollars())));
                }
                granted = Math.min(granted, left);
            }
            for (Scope scope : scopes) {
                add(state, scope, granted);
            }
            return new Reservation(List.copyOf(scopes), today(), granted);
        });
    }

    /** Books what a run did cost in place of what was set aside for it. */
    public void settle(Reservation reservation, double cost) throws IOException {
        if (reservation.scopes().isEmpty()) {
            return;
        }
        change(state -> {
            // Another day's money is gone with that day.
            double change = reservation.day().equals(today()) ? cost - reservation.dollars() : cost;
            reservation.scopes().forEach(scope -> add(state, scope, change));
            return null;
        });
    }

    /** What a scope has spent and set aside today, in US dollars. */
    public double spent(Scope scope) throws IOException {
        return change(state -> spent(state, scope));
    }

    private String today() {
        return LocalDate.now(clock).toString();
    }

    private static double spent(ObjectNode state, Scope scope) {
        return state.path("spent").path(scope.name()).asDouble();
    }

    private static void add(ObjectNode state, Scope scope, double dollars) {
        state.withObjectProperty("spent").put(scope.name(), Math.max(0, spent(state, scope) + dollars));
    }

    private interface Change<T> {
        T apply(ObjectNode state) throws IOException;
    }

    private <T> T change(Change<T> change) throws IOException {
        ReentrantLock lock = LOCKS.computeIfAbsent(file, path -> new ReentrantLock());
        lock.lock();
        try {
            ObjectNode state = load();
            String before = state.toString();
            T answer = change.apply(state);
            if (!state.toString().equals(before)) {
                StoredFile.replace(file, JSON.writeValueAsBytes(state));
            }
            return answer;
        } finally {
            lock.unlock();
        }
    }

    private ObjectNode load() throws IOException {
        try {
            JsonNode stored = JSON.readTree(Files.readAllBytes(file));
            if (stored instanceof ObjectNode state && state.path("day").isTextual()) {
                if (state.get("day").asText().equals(today())) {
                    return state;
                }
                return JSON.createObjectNode().put("day", today());
            }
        } catch (NoSuchFileException e) {
            return JSON.createObjectNode().put("day", today());
        } catch (JsonProcessingException e) {
            // Said below: to begin again would let the money be spent twice.
        }
        throw new AbortException(Messages.DailyBudget_broken(file.toString()));
    }
}
