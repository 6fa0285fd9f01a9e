package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.PersistentDescriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.minibuild.limits.retention.RetentionSettings;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import io.jenkins.plugins.minibuild.step.SectionConfiguration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The section "Mini Build: limits" of the system configuration: pools, default limits, retention. */
@Extension
@Symbol("miniBuildLimits")
public final class LimitsConfiguration extends SectionConfiguration implements PersistentDescriptor, RetentionSettings {
    /** The pool of steps and blocks that name none. */
    static final String STANDARD_POOL = "build";

    /** Pools that exist without being configured. */
    private static final List<String> STANDARD_POOLS = List.of(STANDARD_POOL, "claude");

    private static final int OUTPUT_DAYS = 30;
    private static final int PREVIEW_DAYS = 7;
    private static final double CACHE_GIGABYTES = 100;

    private List<SlotPoolConfiguration> pools = new ArrayList<>();
    private Double queueTimeoutMinutes;
    private Double timeoutMinutes;
    private Double maxTimeoutMinutes;
    private Double idleTimeoutMinutes;
    private Double freeDiskGigabytes;
    private Double workspaceGigabytes;
    private Double memoryGigabytes;
    private Double logMegabytes;
    private Double cpus;
    private Integer nice;
    private Integer outputDays;
    private Integer previewDays;
    private Double cacheGigabytes;

    public LimitsConfiguration() {
        super("pools");
    }

    /** The configuration of this controller. */
    public static LimitsConfiguration get() {
        return ExtensionList.lookupSingleton(LimitsConfiguration.class);
    }

    @Override
    public String getDisplayName() {
        return Messages.LimitsConfiguration_displayName();
    }

    /** The configured pools. The standard pools are listed only if their number of slots was changed. */
    public List<SlotPoolConfiguration> getPools() {
        return List.copyOf(pools);
    }

    /** The standard pools that are not configured, with their number of slots, for the form. */
    public Map<String, Integer> getBuiltInPools() {
        Map<String, Integer> builtIn = new TreeMap<>();
        STANDARD_POOLS.stream()
                .filter(name -> pools.stream().noneMatch(pool -> pool.getName().equals(name)))
                .forEach(name -> builtIn.put(name, SlotPoolConfiguration.STANDARD));
        return builtIn;
    }

    @DataBoundSetter
    public void setPools(@CheckForNull List<SlotPoolConfiguration> pools) {
        this.pools = pools == null ? new ArrayList<>() : new ArrayList<>(pools);
        save();
        SlotsAdapter.get().pools().review();
    }

    /** The most minutes that a build waits for its slot; 0 for no limit. */
    public double getQueueTimeoutMinutes() {
        return standard(Limit.QUEUE_TIMEOUT);
    }

    @DataBoundSetter
    public void setQueueTimeoutMinutes(double minutes) {
        queueTimeoutMinutes = changed(Limit.QUEUE_TIMEOUT, minutes);
        save();
    }

    /** The most minutes that a build holds its slot; 0 for no limit. */
    public double getTimeoutMinutes() {
        return standard(Limit.TIMEOUT);
    }

    @DataBoundSetter
    public void setTimeoutMinutes(double minutes) {
        timeoutMinutes = changed(Limit.TIMEOUT, minutes);
        save();
    }

    /** The most minutes that a job or a step may give itself; 0 for any number. */
    public double getMaxTimeoutMinutes() {
        return maxTimeoutMinutes == null ? 0 : maxTimeoutMinutes;
    }

    @DataBoundSetter
    public void setMaxTimeoutMinutes(double minutes) {
        maxTimeoutMinutes = Limit.TIMEOUT.check("maxTimeoutMinutes", minutes) == 0 ? null : Double.valueOf(minutes);
        save();
    }

    /**
     * Checks a time that a job or a step gives itself, in minutes; 0 for any.
     *
     * @throws IllegalArgumentException if it is longer than allowed; the message is for users
     */
    static void checkTime(double minutes) {
        double ceiling = get().getMaxTimeoutMinutes();
        if (ceiling > 0 && (minutes == 0 || minutes > ceiling)) {
            throw new IllegalArgumentException(Limits.refusal(minutes, ceiling));
        }
    }

    /** The most minutes without a line in the log; 0 for no limit. */
    public double getIdleTimeoutMinutes() {
        return standard(Limit.IDLE_TIMEOUT);
    }

    @DataBoundSetter
    public void setIdleTimeoutMinutes(double minutes) {
        idleTimeoutMinutes = changed(Limit.IDLE_TIMEOUT, minutes);
        save();
    }

    /** Gigabytes that have to be free on the disk of the workspace; 0 for no limit. */
    public double getFreeDiskGigabytes() {
        return standard(Limit.FREE_DISK);
    }

    @DataBoundSetter
    public void setFreeDiskGigabytes(double gigabytes) {
        freeDiskGigabytes = changed(Limit.FREE_DISK, gigabytes);
        save();
    }

    /** The most gigabytes of a workspace; 0 for no limit. */
    public double getWorkspaceGigabytes() {
        return standard(Limit.WORKSPACE);
    }

    @DataBoundSetter
    public void setWorkspaceGigabytes(double gigabytes) {
        workspaceGigabytes = changed(Limit.WORKSPACE, gigabytes);
        save();
    }

    /** The most gigabytes of memory of a build's processes on one agent; 0 for no limit. */
    public double getMemoryGigabytes() {
        return standard(Limit.MEMORY);
    }

    @DataBoundSetter
    public void setMemoryGigabytes(double gigabytes) {
        memoryGigabytes = changed(Limit.MEMORY, gigabytes);
        save();
    }

    /** The most megabytes of a build's log; 0 for no limit. */
    public double getLogMegabytes() {
        return standard(Limit.LOG);
    }

    @DataBoundSetter
    public void setLogMegabytes(double megabytes) {
        logMegabytes = changed(Limit.LOG, megabytes);
        save();
    }

    /** The processors that a command of a build may use; 0 for any number. */
    public double getCpus() {
        return standard(Limit.CPUS);
    }

    @DataBoundSetter
    public void setCpus(double number) {
        cpus = changed(Limit.CPUS, number);
        save();
    }

    /** How far a command of a build stands back behind others, 1 to 19; 0 for not at all. */
    public int getNice() {
        return (int) standard(Limit.NICE);
    }

    @DataBoundSetter
    public void setNice(int value) {
        Double given = changed(Limit.NICE, value);
        nice = given == null ? null : Integer.valueOf(value);
        save();
    }

    @Override
    public int getOutputDays() {
        return outputDays == null ? OUTPUT_DAYS : outputDays;
    }

    @DataBoundSetter
    public void setOutputDays(int days) {
        outputDays = checkDays(days) == OUTPUT_DAYS ? null : Integer.valueOf(days);
        save();
    }

    @Override
    public int getPreviewDays() {
        return previewDays == null ? PREVIEW_DAYS : previewDays;
    }

    @DataBoundSetter
    public void setPreviewDays(int days) {
        previewDays = checkDays(days) == PREVIEW_DAYS ? null : Integer.valueOf(days);
        save();
    }

    @Override
    public double getCacheGigabytes() {
        return cacheGigabytes == null ? CACHE_GIGABYTES : cacheGigabytes;
    }

    @DataBoundSetter
    public void setCacheGigabytes(double gigabytes) {
        Limit.WORKSPACE.check("cacheGigabytes", gigabytes);
        cacheGigabytes = Double.compare(gigabytes, CACHE_GIGABYTES) == 0 ? null : Double.valueOf(gigabytes);
        save();
    }

    /** The limits that differ from the standard, for {@link Limits}. */
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

    /** The number of slots of a pool. */
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
            case CPUS -> cpus;
            case NICE -> nice == null ? null : Double.valueOf(nice);
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

    /** Checks the value of a limit; an optional one may be empty. */
    static FormValidation checkNumber(Limit limit, @CheckForNull String value, boolean optional) {
        return optional && (value == null || value.isBlank())
                ? FormValidation.ok()
                : checkNumber(limit, limit.argument(), value);
    }

    private static FormValidation checkNumber(Limit limit, String argument, @CheckForNull String value) {
        try {
            limit.check(argument, Double.parseDouble(value == null ? "" : value.trim()));
            return FormValidation.ok();
        } catch (NumberFormatException e) {
            return FormValidation.error(Messages.Limit_number(argument));
        } catch (IllegalArgumentException e) {
            return FormValidation.error(e.getMessage());
        }
    }

    private static FormValidation check(Limit limit, String value) {
        Jenkins.get().checkPermission(Jenkins.MANAGE);
        return checkNumber(limit, value, false);
    }

    @POST
    public FormValidation doCheckQueueTimeoutMinutes(@QueryParameter String value) {
        return check(Limit.QUEUE_TIMEOUT, value);
    }

    @POST
    public FormValidation doCheckTimeoutMinutes(@QueryParameter String value) {
        return check(Limit.TIMEOUT, value);
    }

    @POST
    public FormValidation doCheckCpus(@QueryParameter String value) {
        return check(Limit.CPUS, value);
    }

    @POST
    public FormValidation doCheckNice(@QueryParameter String value) {
        return check(Limit.NICE, value);
    }

    @POST
    public FormValidation doCheckOutputDays(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.MANAGE);
        return FormAdapter.check(null, () -> checkDays(FormAdapter.number(value)));
    }

    @POST
    public FormValidation doCheckPreviewDays(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.MANAGE);
        return FormAdapter.check(null, () -> checkDays(FormAdapter.number(value)));
    }

    @POST
    public FormValidation doCheckCacheGigabytes(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.MANAGE);
        return checkNumber(Limit.WORKSPACE, "cacheGigabytes", value);
    }

    @POST
    public FormValidation doCheckMaxTimeoutMinutes(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.MANAGE);
        return checkNumber(Limit.TIMEOUT, "maxTimeoutMinutes", value);
    }

    @POST
    public FormValidation doCheckIdleTimeoutMinutes(@QueryParameter String value) {
        return check(Limit.IDLE_TIMEOUT, value);
    }

    @POST
    public FormValidation doCheckFreeDiskGigabytes(@QueryParameter String value) {
        return check(Limit.FREE_DISK, value);
    }

    @POST
    public FormValidation doCheckWorkspaceGigabytes(@QueryParameter String value) {
        return check(Limit.WORKSPACE, value);
    }

    @POST
    public FormValidation doCheckMemoryGigabytes(@QueryParameter String value) {
        return check(Limit.MEMORY, value);
    }

    @POST
    public FormValidation doCheckLogMegabytes(@QueryParameter String value) {
        return check(Limit.LOG, value);
    }
}
