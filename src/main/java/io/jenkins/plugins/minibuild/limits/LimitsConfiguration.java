package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.PersistentDescriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.minibuild.limits.retention.RetentionSettings;
import io.jenkins.plugins.minibuild.step.SectionConfiguration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The section "Mini Build limits" of the system configuration: pools, default limits, retention. */
@Extension
@Symbol("miniBuildLimits")
public final class LimitsConfiguration extends SectionConfiguration implements PersistentDescriptor, RetentionSettings {
    /** The pool that steps and blocks use which name none. */
    static final String STANDARD_POOL = "build";

    /** Pools that are there without being configured. */
    private static final List<String> STANDARD_POOLS = List.of(STANDARD_POOL, "claude");

    private static final int OUTPUT_DAYS = 30;
    private static final int PREVIEW_DAYS = 7;
    private static final double CACHE_GIGABYTES = 100;

    private List<SlotPoolConfiguration> pools = new ArrayList<>();
    private Double queueTimeoutMinutes;
    private Double timeoutMinutes;
    private Double idleTimeoutMinutes;
    private Double freeDiskGigabytes;
    private Double workspaceGigabytes;
    private Double memoryGigabytes;
    private Double logMegabytes;
    private Integer outputDays;
    private Integer previewDays;
    private Double cacheGigabytes;

    /** Jenkins makes it. */
    public LimitsConfiguration() {
        super("pools");
    }

    /** The one that is there. */
    public static LimitsConfiguration get() {
        return ExtensionList.lookupSingleton(LimitsConfiguration.class);
    }

    @Override
    public String getDisplayName() {
        return Messages.LimitsConfiguration_displayName();
    }

    /** The pools that an admin configured; those that always exist are in it only if their number was changed. */
    public List<SlotPoolConfiguration> getPools() {
        return List.copyOf(pools);
    }

    /** See {@link #getPools}. */
    @DataBoundSetter
    public void setPools(@CheckForNull List<SlotPoolConfiguration> pools) {
        this.pools = pools == null ? new ArrayList<>() : new ArrayList<>(pools);
        save();
        SlotsAdapter.get().pools().review();
    }

    /** Minutes for which a build waits for its slot; 0 for any time. */
    public double getQueueTimeoutMinutes() {
        return standard(Limit.QUEUE_TIMEOUT);
    }

    /** See {@link #getQueueTimeoutMinutes}. */
    @DataBoundSetter
    public void setQueueTimeoutMinutes(double minutes) {
        queueTimeoutMinutes = changed(Limit.QUEUE_TIMEOUT, minutes);
        save();
    }

    /** Minutes for which a slot is held. */
    public double getTimeoutMinutes() {
        return standard(Limit.TIMEOUT);
    }

    /** See {@link #getTimeoutMinutes}. */
    @DataBoundSetter
    public void setTimeoutMinutes(double minutes) {
        timeoutMinutes = changed(Limit.TIMEOUT, minutes);
        save();
    }

    /** Minutes without a line of log; 0 for any time. */
    public double getIdleTimeoutMinutes() {
        return standard(Limit.IDLE_TIMEOUT);
    }

    /** See {@link #getIdleTimeoutMinutes}. */
    @DataBoundSetter
    public void setIdleTimeoutMinutes(double minutes) {
        idleTimeoutMinutes = changed(Limit.IDLE_TIMEOUT, minutes);
        save();
    }

    /** Gigabytes that have to be free where the workspace is. */
    public double getFreeDiskGigabytes() {
        return standard(Limit.FREE_DISK);
    }

    /** See {@link #getFreeDiskGigabytes}. */
    @DataBoundSetter
    public void setFreeDiskGigabytes(double gigabytes) {
        freeDiskGigabytes = changed(Limit.FREE_DISK, gigabytes);
        save();
    }

    /** Gigabytes that a workspace may grow to. */
    public double getWorkspaceGigabytes() {
        return standard(Limit.WORKSPACE);
    }

    /** See {@link #getWorkspaceGigabytes}. */
    @DataBoundSetter
    public void setWorkspaceGigabytes(double gigabytes) {
        workspaceGigabytes = changed(Limit.WORKSPACE, gigabytes);
        save();
    }

    /** Gigabytes of memory that the processes on one agent may use together. */
    public double getMemoryGigabytes() {
        return standard(Limit.MEMORY);
    }

    /** See {@link #getMemoryGigabytes}. */
    @DataBoundSetter
    public void setMemoryGigabytes(double gigabytes) {
        memoryGigabytes = changed(Limit.MEMORY, gigabytes);
        save();
    }

    /** Megabytes of log that are kept. */
    public double getLogMegabytes() {
        return standard(Limit.LOG);
    }

    /** See {@link #getLogMegabytes}. */
    @DataBoundSetter
    public void setLogMegabytes(double megabytes) {
        logMegabytes = changed(Limit.LOG, megabytes);
        save();
    }

    @Override
    public int getOutputDays() {
        return outputDays == null ? OUTPUT_DAYS : outputDays;
    }

    /** See {@link #getOutputDays}. */
    @DataBoundSetter
    public void setOutputDays(int days) {
        outputDays = checkDays(days) == OUTPUT_DAYS ? null : Integer.valueOf(days);
        save();
    }

    @Override
    public int getPreviewDays() {
        return previewDays == null ? PREVIEW_DAYS : previewDays;
    }

    /** See {@link #getPreviewDays}. */
    @DataBoundSetter
    public void setPreviewDays(int days) {
        previewDays = checkDays(days) == PREVIEW_DAYS ? null : Integer.valueOf(days);
        save();
    }

    @Override
    public double getCacheGigabytes() {
        return cacheGigabytes == null ? CACHE_GIGABYTES : cacheGigabytes;
    }

    /** See {@link #getCacheGigabytes}. */
    @DataBoundSetter
    public void setCacheGigabytes(double gigabytes) {
        Limit.WORKSPACE.check(gigabytes);
        cacheGigabytes = Double.compare(gigabytes, CACHE_GIGABYTES) == 0 ? null : Double.valueOf(gigabytes);
        save();
    }

    /** What an admin changed, for {@link Limits}. */
    Map<Limit, Double> changed() {
        Map<Limit, Double> all = new EnumMap<>(Limit.class);
        for (Limit limit : Limit.values()) {
            Double value = field(limit);
            if (value != null) {
                all.put(limit, value);
            }
        }
        return all;
    }

    /** The names of all pools. */
    Set<String> poolNames() {
        Set<String> names = new TreeSet<>(STANDARD_POOLS);
        pools.forEach(pool -> names.add(pool.getName()));
        return names;
    }

    /** How many slots a pool has. */
    int slotsOf(String pool) {
        return pools.stream()
                .filter(p -> p.getName().equals(pool))
                .findFirst()
                .map(SlotPoolConfiguration::getMaxConcurrent)
                .orElse(SlotPoolConfiguration.STANDARD);
    }

    private double standard(Limit limit) {
        Double value = field(limit);
        return value == null ? limit.standard() : value;
    }

    @CheckForNull
    private Double field(Limit limit) {
        return switch (limit) {
            case QUEUE_TIMEOUT -> queueTimeoutMinutes;
            case TIMEOUT -> timeoutMinutes;
            case IDLE_TIMEOUT -> idleTimeoutMinutes;
            case FREE_DISK -> freeDiskGigabytes;
            case WORKSPACE -> workspaceGigabytes;
            case MEMORY -> memoryGigabytes;
            case LOG -> logMegabytes;
        };
    }

    @CheckForNull
    private static Double changed(Limit limit, double value) {
        return Double.compare(limit.check(value), limit.standard()) == 0 ? null : Double.valueOf(value);
    }

    private static int checkDays(int days) {
        if (days < 0) {
            throw new IllegalArgumentException(Messages.LimitsConfiguration_days(String.valueOf(days)));
        }
        return days;
    }

    /** Checks any of the limits as it is typed. */
    static FormValidation checkNumber(Limit limit, @CheckForNull String value, boolean optional) {
        if (value == null || value.isBlank()) {
            return optional ? FormValidation.ok() : FormValidation.error(Messages.Limit_number(limit.argument()));
        }
        try {
            limit.check(Double.parseDouble(value.trim()));
            return FormValidation.ok();
        } catch (NumberFormatException e) {
            return FormValidation.error(Messages.Limit_number(limit.argument()));
        } catch (IllegalArgumentException e) {
            return FormValidation.error(e.getMessage());
        }
    }

    private static FormValidation check(Limit limit, String value) {
        Jenkins.get().checkPermission(Jenkins.MANAGE);
        return checkNumber(limit, value, false);
    }

    /** Checks as it is typed. */
    @POST
    public FormValidation doCheckQueueTimeoutMinutes(@QueryParameter String value) {
        return check(Limit.QUEUE_TIMEOUT, value);
    }

    /** Checks as it is typed. */
    @POST
    public FormValidation doCheckTimeoutMinutes(@QueryParameter String value) {
        return check(Limit.TIMEOUT, value);
    }

    /** Checks as it is typed. */
    @POST
    public FormValidation doCheckIdleTimeoutMinutes(@QueryParameter String value) {
        return check(Limit.IDLE_TIMEOUT, value);
    }

    /** Checks as it is typed. */
    @POST
    public FormValidation doCheckFreeDiskGigabytes(@QueryParameter String value) {
        return check(Limit.FREE_DISK, value);
    }

    /** Checks as it is typed. */
    @POST
    public FormValidation doCheckWorkspaceGigabytes(@QueryParameter String value) {
        return check(Limit.WORKSPACE, value);
    }

    /** Checks as it is typed. */
    @POST
    public FormValidation doCheckMemoryGigabytes(@QueryParameter String value) {
        return check(Limit.MEMORY, value);
    }

    /** Checks as it is typed. */
    @POST
    public FormValidation doCheckLogMegabytes(@QueryParameter String value) {
        return check(Limit.LOG, value);
    }
}
