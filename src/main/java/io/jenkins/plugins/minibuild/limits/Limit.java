package io.jenkins.plugins.minibuild.limits;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** The limits, with their names in a Jenkinsfile. A value of 0 means no limit. */
public enum Limit {
    /** The longest wait for a slot. */
    QUEUE_TIMEOUT("queueTimeoutMinutes", 0),
    /** The longest time with a slot. */
    TIMEOUT("timeoutMinutes", 30),
    /** The longest time without a line in the log. */
    IDLE_TIMEOUT("idleTimeoutMinutes", 0),
    /** The least free space on the disk of the workspace. */
    FREE_DISK("freeDiskGigabytes", 2),
    /** The largest size of the workspace. */
    WORKSPACE("workspaceGigabytes", 5),
    /** The most memory of the processes on one agent. */
    MEMORY("memoryGigabytes", 2),
    /** The largest size of the log. */
    LOG("logMegabytes", 50),
    /** The processors that a command may use. */
    CPUS("cpus", 0),
    /** How far a command stands back behind others, 1 to 19. */
    NICE("nice", 0);

    private static final double GIGABYTE = 1024.0 * 1024 * 1024;
    private static final double MEGABYTE = 1024.0 * 1024;
    private static final double MINUTE = 60_000;
    /** A bound that is larger than every real value, and small enough that a time can be added to it. */
    private static final double MOST = Long.MAX_VALUE / 4;

    private static final int NICEST = 19;

    private final String argument;
    private final double standard;

    Limit(String argument, double standard) {
        this.argument = argument;
        this.standard = standard;
    }

    /** The name of the argument. */
    public String argument() {
        return argument;
    }

    /** The value where none is configured. */
    public double standard() {
        return standard;
    }

    /** A value of this limit in bytes or milliseconds. */
    public long exact(double value) {
        return Math.round(Math.min(
                MOST,
                switch (this) {
                    case QUEUE_TIMEOUT, TIMEOUT, IDLE_TIMEOUT -> value * MINUTE;
                    case FREE_DISK, WORKSPACE, MEMORY -> value * GIGABYTE;
                    case LOG -> value * MEGABYTE;
                    case CPUS, NICE -> value;
                }));
    }

    /**
     * Checks a value and returns it.
     *
     * @throws IllegalArgumentException for a negative one
     */
    public double check(double value) {
        return check(argument, value);
    }

    /** As {@link #check(double)}, for a setting of another name. */
    double check(String name, double value) {
        if (Double.isNaN(value) || value < 0 || Double.isInfinite(value)) {
            throw new IllegalArgumentException(Messages.Limit_negative(name, number(value)));
        }
        if (this == NICE && (value > NICEST || Double.compare(value, Math.rint(value)) != 0)) {
            throw new IllegalArgumentException(Messages.Limit_nice(number(value)));
        }
        return value;
    }

    static String number(double value) {
        return new DecimalFormat("0.###", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(value);
    }
}
