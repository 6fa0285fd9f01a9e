package io.jenkins.plugins.minibuild.miniprogram;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.process.Deadline;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The turn of a build to upload as one robot of one app: of two uploads at the same time, WeChat keeps only one version. The turns are those of
 * the whole controller, in the order of arrival.
 */
final class RobotTurn implements AutoCloseable {

    private static final long REPEAT_SECONDS = 60;

    /** The robots in use, by app and number. */
    private static final Map<String, Robot> ROBOTS = new HashMap<>();

    private final String key;
    private final Robot robot;

    private RobotTurn(String key, Robot robot) {
        this.key = key;
        this.robot = robot;
    }

    /**
     * Waits for the turn on the calling thread. When the robot is in use, the log says by which build.
     *
     * @param build the name of the build, for the builds that wait for it
     * @throws AbortException when the deadline passes first
     */
    static RobotTurn take(String appId, int number, String build, PrintStream log, Deadline deadline)
            throws AbortException, InterruptedException {
        String key = appId + "/" + number;
        Robot robot = enter(key);
        boolean taken = false;
        try {
            long millis = 0;
            while (!robot.turn.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
                if (deadline.expired()) {
                    throw new AbortException(Messages.RobotTurn_timeout(appId, Integer.toString(number), robot.holder));
                }
                log.println(Messages.RobotTurn_waiting(robot.holder, appId, Integer.toString(number)));
                millis = Math.min(
                        REPEAT_SECONDS * 1000, Math.max(1, deadline.remaining().toMillis()));
            }
            robot.holder = build;
            taken = true;
            return new RobotTurn(key, robot);
        } finally {
            if (!taken) {
                leave(key, robot);
            }
        }
    }

    @Override
    public void close() {
        robot.turn.release();
        leave(key, robot);
    }

    /** How many robots are in use or waited for. */
    static int inUse() {
        synchronized (ROBOTS) {
            return ROBOTS.size();
        }
    }

    private static Robot enter(String key) {
        synchronized (ROBOTS) {
            Robot robot = ROBOTS.computeIfAbsent(key, absent -> new Robot());
            robot.builds++;
            return robot;
        }
    }

    private static void leave(String key, Robot robot) {
        synchronized (ROBOTS) {
            robot.builds--;
            if (robot.builds == 0) {
                ROBOTS.remove(key);
            }
        }
    }

    private static final class Robot {
        private final Semaphore turn = new Semaphore(1, true);
        /** The builds that use the robot or wait for it; guarded by {@link #ROBOTS}. */
        private int builds;

        private volatile String holder = "";
    }
}
