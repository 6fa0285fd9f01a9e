package io.jenkins.plugins.minibuild.miniprogram;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.process.Deadline;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The turn to upload as one robot of one app: two uploads at once would replace each other's version at the service. It is kept by
 * the whole controller, in the order of arrival; who waits says so, and holds nothing but its own executor.
 */
final class RobotTurn implements AutoCloseable {

    private static final long SAY_SECONDS = 60;

    /** Never removed: there are as many as robots in use. */
    private static final Map<String, Seat> SEATS = new ConcurrentHashMap<>();

    private final Seat seat;

    private RobotTurn(Seat seat) {
        this.seat = seat;
    }

    /**
     * Waits for the turn.
     *
     * @param who the build, for those who wait for it
     * @throws AbortException when the deadline passes first
     */
    static RobotTurn take(String appId, int robot, String who, PrintStream log, Deadline deadline)
            throws AbortException, InterruptedException {
        Seat seat = SEATS.computeIfAbsent(appId + "/" + robot, key -> new Seat());
        while (!seat.turn.tryAcquire(
                Math.min(SAY_SECONDS * 1000, Math.max(1, deadline.remaining().toMillis())), TimeUnit.MILLISECONDS)) {
            if (deadline.expired()) {
                throw new AbortException(Messages.RobotTurn_timeout(appId, Integer.toString(robot), seat.holder));
            }
            log.println(Messages.RobotTurn_waiting(seat.holder, appId, Integer.toString(robot)));
        }
        seat.holder = who;
        return new RobotTurn(seat);
    }

    /** As {@link #take}, but says at once that it has to wait. */
    static RobotTurn await(String appId, int robot, String who, PrintStream log, Deadline deadline)
            throws AbortException, InterruptedException {
        Seat seat = SEATS.computeIfAbsent(appId + "/" + robot, key -> new Seat());
        if (seat.turn.availablePermits() == 0) {
            log.println(Messages.RobotTurn_waiting(seat.holder, appId, Integer.toString(robot)));
        }
        return take(appId, robot, who, log, deadline);
    }

    @Override
    public void close() {
        seat.turn.release();
    }

    private static final class Seat {
        private final Semaphore turn = new Semaphore(1, true);
        private volatile String holder = "";
    }
}
