package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.PersistentDescriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import io.jenkins.plugins.minibuild.step.SectionConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The section "Mini Build: Claude" of the system configuration: the key, the service, the model, what a day may cost. */
@Extension
@Symbol("miniBuildClaude")
public final class ClaudeConfiguration extends SectionConfiguration implements PersistentDescriptor {
    private String apiKeyCredentialsId;
    private String baseUrl;
    private String model;
    /** Null for no limit. */
    private Double dailyBudgetUsd;

    /** Null for all. */
    private String keyJobs;

    private List<ClaudeFolderBudgetConfiguration> folderBudgets = new ArrayList<>();

    /** Jenkins makes it. */
    public ClaudeConfiguration() {
        super("folderBudgets");
    }

    /** The one of this controller. */
    static ClaudeConfiguration get() {
        return ExtensionList.lookupSingleton(ClaudeConfiguration.class);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.ClaudeConfiguration_displayName();
    }

    /** Where a step names none; null for none. */
    @CheckForNull
    public synchronized String getApiKeyCredentialsId() {
        return apiKeyCredentialsId;
    }

    @DataBoundSetter
    public synchronized void setApiKeyCredentialsId(@CheckForNull String value) {
        apiKeyCredentialsId = Util.fixEmptyAndTrim(value);
        save();
    }

    /** Patterns of full names of the jobs that may use the key; null for all. */
    @CheckForNull
    public synchronized String getKeyJobs() {
        return keyJobs;
    }

    /** @throws IllegalArgumentException naming a pattern that is none */
    @DataBoundSetter
    public synchronized void setKeyJobs(@CheckForNull String value) {
        String patterns = Util.fixEmptyAndTrim(value);
        Objects.requireNonNull(Glob.names(patterns));
        keyJobs = patterns;
        save();
    }

    /** The address of the model's service; null for the ordinary one. */
    @CheckForNull
    public synchronized String getBaseUrl() {
        return baseUrl;
    }

    @DataBoundSetter
    public synchronized void setBaseUrl(@CheckForNull String value) {
        baseUrl = ClaudeSettings.checkBaseUrl(Util.fixEmptyAndTrim(value));
        save();
    }

    /** Null for the command's own choice. */
    @CheckForNull
    public synchronized String getModel() {
        return model;
    }

    @DataBoundSetter
    public synchronized void setModel(@CheckForNull String value) {
        model = ClaudeSettings.checkModel(Util.fixEmptyAndTrim(value));
        save();
    }

    /** US dollars a day for the whole controller; null for no limit. */
    @CheckForNull
    public synchronized Double getDailyBudgetUsd() {
        return dailyBudgetUsd;
    }

    @DataBoundSetter
    public synchronized void setDailyBudgetUsd(@CheckForNull Double value) {
        dailyBudgetUsd = value == null ? null : (Double) ClaudeFolderBudgetConfiguration.checkDollars(value);
        save();
    }

    /** What folders may cost a day. */
    public synchronized List<ClaudeFolderBudgetConfiguration> getFolderBudgets() {
        return folderBudgets == null ? List.of() : List.copyOf(folderBudgets);
    }

    @DataBoundSetter
    public synchronized void setFolderBudgets(@CheckForNull List<ClaudeFolderBudgetConfiguration> value) {
        folderBudgets = value == null ? new ArrayList<>() : new ArrayList<>(value);
        save();
    }

    /** What holds for a job. */
    synchronized ClaudeSettings settingsFor(String job) {
        List<DailyBudget.Scope> scopes = new ArrayList<>();
        if (dailyBudgetUsd != null) {
            scopes.add(new DailyBudget.Scope("", dailyBudgetUsd));
        }
        for (ClaudeFolderBudgetConfiguration each : getFolderBudgets()) {
            if (each.covers(job)) {
                scopes.add(new DailyBudget.Scope(each.getFolder(), each.getDailyBudgetUsd()));
            }
        }
        return new ClaudeSettings(apiKeyCredentialsId, baseUrl, model, scopes, Glob.names(keyJobs));
    }

    /** Has the budgets of a folder and of those in it follow a new name. */
    synchronized void renamed(String before, String now) {
        if (getFolderBudgets().stream().anyMatch(each -> each.isWithin(before))) {
            setFolderBudgets(getFolderBudgets().stream()
                    .map(each -> each.isWithin(before) ? each.moved(before, now) : each)
                    .toList());
        }
    }

    /** The secret texts of the controller. */
    @POST
    public ListBoxModel doFillApiKeyCredentialsIdItems(@QueryParameter String apiKeyCredentialsId) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return ClaudeStep.ClaudeStepDescriptor.keys(null, apiKeyCredentialsId);
    }

    @POST
    public FormValidation doCheckKeyJobs(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return FormAdapter.check(null, () -> Glob.names(value));
    }

    /** Checks the address; asks no server. */
    @POST
    public FormValidation doCheckBaseUrl(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return FormAdapter.check(null, () -> ClaudeSettings.checkBaseUrl(Util.fixEmptyAndTrim(value)));
    }

    @POST
    public FormValidation doCheckModel(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return FormAdapter.check(null, () -> ClaudeSettings.checkModel(Util.fixEmptyAndTrim(value)));
    }

    /** Checks the number; empty is no limit. */
    @POST
    public FormValidation doCheckDailyBudgetUsd(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return Util.fixEmptyAndTrim(value) == null
                ? FormValidation.ok()
                : FormAdapter.check(
                        null, () -> ClaudeFolderBudgetConfiguration.checkDollars(FormAdapter.decimal(value)));
    }
}
