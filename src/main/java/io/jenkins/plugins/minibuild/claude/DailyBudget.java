package io.jenkins.plugins.minibuild.claude;

import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.AbortException;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.files.StoredFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The limits on a day's cost, for the controller and for folders. A run reserves its largest possible cost first and settles its real cost afterwards, so
 * that runs at the same time do not spend the same money. The sums are kept in a file that is replaced as a whole and forced to the disk. What a killed
 * controller had reserved stays reserved until the day ends, in the controller's time zone. Safe for several threads.
 */
public final class DailyBudget {
    private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();
    /** US dollars; a run with less would end at once. */
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
     * Money that is reserved.
     *
     * @param dollars US dollars that the run may cost
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
     * Reserves money: the sum that is wanted, or what is left of it.
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

    /** Replaces a reservation by the real cost. */
    public void settle(Reservation reservation, double cost) throws IOException {
        if (reservation.scopes().isEmpty()) {
            return;
        }
        change(state -> {
            // The reservation of an earlier day ended with that day.
            double change = reservation.day().equals(today()) ? cost - reservation.dollars() : cost;
            reservation.scopes().forEach(scope -> add(state, scope, change));
            return null;
        });
    }

    /** The US dollars that a scope has spent and reserved today. */
    public double spent(Scope scope) throws IOException {
        return change(state -> spent(state, scope));
    }

    /** Has what a folder and those in it have spent today follow a new name, also for reservations that are not settled yet. */
    public void renamed(String before, String now) throws IOException {
        change(state -> {
            ObjectNode spent = state.withObjectProperty("spent");
            List<String> names = new ArrayList<>();
            spent.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                if (!before.isEmpty() && (name.equals(before) || name.startsWith(before + "/"))) {
                    String moved = now + name.substring(before.length());
                    state.withObjectProperty("moved").put(name, moved);
                    state.withObjectProperty("moved").remove(moved);
                    spent.put(
                            moved,
                            spent.path(moved).asDouble() + spent.remove(name).asDouble());
                }
            }
            return null;
        });
    }

    /** The name under which a folder's sum is kept: that of today's last move. */
    private static String name(ObjectNode state, Scope scope) {
        String name = scope.name();
        while (state.path("moved").has(name)) {
            name = state.path("moved").path(name).asText();
        }
        return name;
    }

    private String today() {
        return LocalDate.now(clock).toString();
    }

    private static double spent(ObjectNode state, Scope scope) {
        return state.path("spent").path(name(state, scope)).asDouble();
    }

    private static void add(ObjectNode state, Scope scope, double dollars) {
        state.withObjectProperty("spent").put(name(state, scope), Math.max(0, spent(state, scope) + dollars));
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
                StoredFile.replace(file, Json.bytes(state));
            }
            return answer;
        } finally {
            lock.unlock();
        }
    }

    private ObjectNode load() throws IOException {
        return StoredFile.readOrSetAside(file, content -> (ObjectNode) Json.parse(content))
                .filter(state -> state.path("day").asText().equals(today()))
                .orElseGet(() -> Json.MAPPER.createObjectNode().put("day", today()));
    }
}
