package io.jenkins.plugins.minibuild.limits;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** What is limited, under the name that it has in a Jenkinsfile. 0 means that there is no limit. */
public enum Limit {
    /** How long a build waits for its slot. */
    QUEUE_TIMEOUT("queueTimeoutMinutes", 0),
    /** How long it may hold its slot. */
    TIMEOUT("timeoutMinutes", 30),
    /** How long it may log nothing. */
    IDLE_TIMEOUT("idleTimeoutMinutes", 0),
    /** How much has to be free on the disk of its workspace. */
    FREE_DISK("freeDiskGigabytes", 2),
    /** How large its workspace may grow. */
    WORKSPACE("workspaceGigabytes", 5),
    /** How much memory its processes on an agent may use together. */
    MEMORY("memoryGigabytes", 2),
    /** How much of its log is kept. */
    LOG("logMegabytes", 50);

    private static final double GIGABYTE = 1024.0 * 1024 * 1024;
    private static final double MEGABYTE = 1024.0 * 1024;
    private static final double MINUTE = 60_000;
    /** More than anything is; so far from the largest number that a time can be added to it. */
    private static final double MOST = Long.MAX_VALUE / 4;

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

    /** What it is where nobody says otherwise. */
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
                }));
    }

    /**
     * The value, if it is one.
     *
     * @throws IllegalArgumentException for a negative one
     */
    public double check(double value) {
        if (Double.isNaN(value) || value < 0 || Double.isInfinite(value)) {
            throw new IllegalArgumentException(Messages.Limit_negative(argument, number(value)));
        }
        return value;
    }

    static String number(double value) {
        return new DecimalFormat("0.###", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(value);
    }
}
