package io.jenkins.plugins.minibuild.claude;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Job;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.checkout.CheckoutOptions;
import io.jenkins.plugins.minibuild.process.ContainerChoice;
import io.jenkins.plugins.minibuild.process.ContainerEngine;
import io.jenkins.plugins.minibuild.process.Isolation;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import io.jenkins.plugins.minibuild.step.SlotProviderAdapter;
import io.jenkins.plugins.minibuild.step.TaskStep;
import io.jenkins.plugins.minibuild.step.TimeLimit;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * The base of the steps that run the {@code claude} command: the parameters that all of them take.
 *
 * @param <R> what the task results in
 */
public abstract class ClaudeStep<R> extends TaskStep<R> {
    private static final int MOST_RETRIES = 10;

    private String directory;
    private String apiKeyCredentialsId;
    private String baseUrl;
    private String model;
    private String claudeTool;
    /** Null for the default, as all below: a stored job that lacks one gets the default, not a zero. */
    private Integer maxTurns;

    private Integer timeoutMinutes;
    private Double maxBudgetUsd;
    private Integer maxOutputMb;
    private Integer retries;
    private boolean trustRepository;
    private String containerImage;
    private String containerEngine;
    /** Null for the default. */
    private Isolation.SandboxUse sandbox;

    private String sandboxPaths;

    /** The caps where the user sets none. */
    protected abstract Caps defaults();

    /** Further attempts where the user says nothing. */
    protected static final int DEFAULT_RETRIES = 1;

    @Override
    public String slotPool() {
        return "claude";
    }

    @Override
    public TimeLimit timeLimit(Job<?, ?> job) {
        return new TimeLimit(caps().time(), timeoutMinutes != null);
    }

    /** A folder below the workspace; null for the workspace itself. */
    @CheckForNull
    public String getDirectory() {
        return directory;
    }

    @DataBoundSetter
    public void setDirectory(@CheckForNull String value) {
        directory = FormAdapter.isVariable(value) ? value : Util.fixEmptyAndTrim(checkedDirectory(value));
    }

    /** A secret text; null for the one that the admin configured. */
    @CheckForNull
    public String getApiKeyCredentialsId() {
        return apiKeyCredentialsId;
    }

    @DataBoundSetter
    public void setApiKeyCredentialsId(@CheckForNull String value) {
        apiKeyCredentialsId = Util.fixEmptyAndTrim(value);
    }

    /** The address of the model's service; null for the one that the admin configured. */
    @CheckForNull
    public String getBaseUrl() {
        return baseUrl;
    }

    @DataBoundSetter
    public void setBaseUrl(@CheckForNull String value) {
        baseUrl = FormAdapter.isVariable(value) ? value : ClaudeSettings.checkBaseUrl(Util.fixEmptyAndTrim(value));
    }

    /** Null for the one that the admin configured. */
    @CheckForNull
    public String getModel() {
        return model;
    }

    @DataBoundSetter
    public void setModel(@CheckForNull String value) {
        model = FormAdapter.isVariable(value) ? value : ClaudeSettings.checkModel(Util.fixEmptyAndTrim(value));
    }

    /** The name of a tool installation; null for the first one, or the agent's PATH. */
    @CheckForNull
    public String getClaudeTool() {
        return claudeTool;
    }

    @DataBoundSetter
    public void setClaudeTool(@CheckForNull String value) {
        claudeTool = Util.fixEmptyAndTrim(value);
    }

    /** How often the model may answer. */
    public int getMaxTurns() {
        return maxTurns == null ? defaults().turns() : maxTurns;
    }

    @DataBoundSetter
    public void setMaxTurns(int value) {
        Caps checked = new Caps(
                value, defaults().time(), defaults().dollars(), defaults().bytes());
        maxTurns = checked.turns() == defaults().turns() ? null : (Integer) value;
    }

    /** Minutes for all of it. */
    public int getTimeoutMinutes() {
        return timeoutMinutes == null ? (int) defaults().time().toMinutes() : timeoutMinutes;
    }

    @DataBoundSetter
    public void setTimeoutMinutes(int value) {
        Caps checked = Caps.of(1, value, 1, 1);
        timeoutMinutes = checked.time().equals(defaults().time()) ? null : (Integer) value;
    }

    /** US dollars for all of it. */
    public double getMaxBudgetUsd() {
        return maxBudgetUsd == null ? defaults().dollars() : maxBudgetUsd;
    }

    @DataBoundSetter
    public void setMaxBudgetUsd(double value) {
        Caps checked = Caps.of(1, 1, value, 1);
        maxBudgetUsd = Double.compare(checked.dollars(), defaults().dollars()) == 0 ? null : (Double) value;
    }

    /** Megabytes that the command may write. */
    public int getMaxOutputMb() {
        return maxOutputMb == null ? (int) (defaults().bytes() >> 20) : maxOutputMb;
    }

    @DataBoundSetter
    public void setMaxOutputMb(int value) {
        Caps checked = Caps.of(1, 1, 1, value);
        maxOutputMb = checked.bytes() == defaults().bytes() ? null : (Integer) value;
    }

    /** Further attempts after a failure that may pass. */
    public int getRetries() {
        return retries == null ? DEFAULT_RETRIES : retries;
    }

    @DataBoundSetter
    public void setRetries(int value) {
        int checked = checkedRetries(value);
        retries = checked == DEFAULT_RETRIES ? null : (Integer) checked;
    }

    /** Whether settings, hooks, MCP servers and instruction files of the repository count. */
    public boolean isTrustRepository() {
        return trustRepository;
    }

    @DataBoundSetter
    public void setTrustRepository(boolean value) {
        trustRepository = value;
    }

    /** The image of the container that the command runs in; null for none. */
    @CheckForNull
    public String getContainerImage() {
        return containerImage;
    }

    @DataBoundSetter
    public void setContainerImage(@CheckForNull String value) {
        containerImage = checkedImage(value);
    }

    /** The container engine's command. */
    public String getContainerEngine() {
        return containerEngine == null ? ContainerEngine.STANDARD : containerEngine;
    }

    @DataBoundSetter
    public void setContainerEngine(@CheckForNull String value) {
        String engine = checkedEngine(value);
        containerEngine = ContainerEngine.STANDARD.equals(engine) ? null : engine;
    }

    /** {@code auto}: in a sandbox where the agent has one; {@code required}: not without; {@code off}: as the agent's user. */
    public String getSandbox() {
        return (sandbox == null ? Isolation.SandboxUse.AUTO : sandbox).word();
    }

    @DataBoundSetter
    public void setSandbox(@CheckForNull String value) {
        String word = Util.fixEmptyAndTrim(value);
        Isolation.SandboxUse use = word == null ? Isolation.SandboxUse.AUTO : Isolation.SandboxUse.of(word);
        sandbox = use == Isolation.SandboxUse.AUTO ? null : use;
    }

    /** Folders of the agent that are readable in the sandbox, separated by commas; null for none. */
    @CheckForNull
    public String getSandboxPaths() {
        return sandboxPaths;
    }

    @DataBoundSetter
    public void setSandboxPaths(@CheckForNull String value) {
        String paths = Util.fixEmptyAndTrim(value);
        if (!FormAdapter.isVariable(paths)) {
            Objects.requireNonNull(Isolation.readable(paths));
        }
        sandboxPaths = paths;
    }

    /** How the command is isolated from the agent. */
    protected Isolation isolation() {
        ContainerChoice container =
                containerImage == null ? null : new ContainerChoice(getContainerEngine(), containerImage, null);
        return new Isolation(container, Isolation.SandboxUse.of(getSandbox()), Isolation.readable(sandboxPaths));
    }

    @CheckForNull
    private static String checkedImage(@CheckForNull String value) {
        String image = Util.fixEmptyAndTrim(value);
        if (image != null && !FormAdapter.isVariable(image)) {
            Objects.requireNonNull(new ContainerChoice(ContainerEngine.STANDARD, image, null));
        }
        return image;
    }

    @CheckForNull
    private static String checkedEngine(@CheckForNull String value) {
        String engine = Util.fixEmptyAndTrim(value);
        if (engine != null && !FormAdapter.isVariable(engine)) {
            Objects.requireNonNull(new ContainerChoice(engine, "image", null));
        }
        return engine;
    }

    @Override
    protected void brokenOff(BuildContext context) throws IOException, InterruptedException {
        // The build may go on for long; until it ends, only this marks the runs as lost.
        RunFolder.lose(context.record().folder());
    }

    /** All four caps. */
    protected Caps caps() {
        return Caps.of(getMaxTurns(), getTimeoutMinutes(), getMaxBudgetUsd(), getMaxOutputMb());
    }

    /**
     * How the command is run.
     *
     * @throws IllegalArgumentException when a value is refused; the message is for users
     */
    protected ClaudeOptions options() {
        return new ClaudeOptions(
                new ModelAccess(apiKeyCredentialsId, baseUrl, model),
                claudeTool,
                caps(),
                defaults(),
                getRetries(),
                trustRepository,
                isolation());
    }

    /**
     * A path below the workspace, with forward slashes; empty for the workspace itself.
     *
     * @throws IllegalArgumentException when it leads out of the workspace
     */
    public static String checkedDirectory(@CheckForNull String value) {
        return CheckoutOptions.checkedDirectory(value);
    }

    private static int checkedRetries(int value) {
        if (value < 0 || value > MOST_RETRIES) {
            throw new IllegalArgumentException(Messages.ClaudeStep_retries(MOST_RETRIES));
        }
        return value;
    }

    /** The form of all these steps. */
    public abstract static class ClaudeStepDescriptor extends TaskStepDescriptor {
        /** The caps where the user sets none. */
        protected abstract Caps defaults();

        /** For a fresh form. */
        public int getDefaultTurns() {
            return defaults().turns();
        }

        /** For a fresh form. */
        public long getDefaultMinutes() {
            return defaults().time().toMinutes();
        }

        /** For a fresh form. */
        public double getDefaultDollars() {
            return defaults().dollars();
        }

        /** For a fresh form. */
        public long getDefaultMegabytes() {
            return defaults().bytes() >> 20;
        }

        @POST
        public ListBoxModel doFillApiKeyCredentialsIdItems(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String apiKeyCredentialsId) {
            return keys(item, apiKeyCredentialsId);
        }

        /** Says when there is no such secret text. */
        @POST
        public FormValidation doCheckApiKeyCredentialsId(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            String id = Util.fixEmptyAndTrim(value);
            return FormAdapter.check(item, id, () -> {
                if (CredentialsMatchers.firstOrNull(
                                        CredentialsProvider.lookupCredentialsInItem(
                                                StringCredentials.class,
                                                item,
                                                FormAdapter.authentication(item),
                                                List.of()),
                                        CredentialsMatchers.withId(Util.fixNull(id)))
                                == null
                        && id != null) {
                    throw new IllegalArgumentException(Messages.ClaudeStep_noCredential());
                }
            });
        }

        @POST
        public FormValidation doCheckDirectory(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedDirectory(value));
        }

        /** Checks the address; asks no server. */
        @POST
        public FormValidation doCheckBaseUrl(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> ClaudeSettings.checkBaseUrl(Util.fixEmptyAndTrim(value)));
        }

        /** Checks the name; asks no engine. */
        @POST
        public FormValidation doCheckContainerImage(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedImage(value));
        }

        @POST
        public FormValidation doCheckContainerEngine(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedEngine(value));
        }

        /** What can be chosen; nothing without permission. */
        @POST
        public ListBoxModel doFillSandboxItems(@CheckForNull @AncestorInPath Item item) {
            ListBoxModel items = new ListBoxModel();
            if (FormAdapter.mayConfigure(item)) {
                items.add(Messages.ClaudeStep_sandboxAuto(), Isolation.SandboxUse.AUTO.word());
                items.add(Messages.ClaudeStep_sandboxRequired(), Isolation.SandboxUse.REQUIRED.word());
                items.add(Messages.ClaudeStep_sandboxOff(), Isolation.SandboxUse.OFF.word());
            }
            return items;
        }

        /** Checks that they are absolute paths; asks no agent. */
        @POST
        public FormValidation doCheckSandboxPaths(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> Isolation.readable(value));
        }

        @POST
        public FormValidation doCheckModel(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> ClaudeSettings.checkModel(Util.fixEmptyAndTrim(value)));
        }

        @POST
        public ListBoxModel doFillClaudeToolItems(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String claudeTool) {
            return FormAdapter.tools(item, claudeTool, Messages.ClaudeStep_anyTool(), installations());
        }

        @POST
        public FormValidation doCheckClaudeTool(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            String name = Util.fixEmptyAndTrim(value);
            return FormAdapter.check(item, name, () -> {
                List<String> names = installations();
                if (name != null && !names.contains(name)) {
                    throw new IllegalArgumentException(Messages.ClaudeStep_noTool(name, String.join(", ", names)));
                }
            });
        }

        private static List<String> installations() {
            return List.of(Jenkins.get()
                            .getDescriptorByType(ClaudeInstallation.DescriptorImpl.class)
                            .getInstallations())
                    .stream()
                    .map(ClaudeInstallation::getName)
                    .toList();
        }

        @POST
        public FormValidation doCheckMaxTurns(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> Caps.of(FormAdapter.number(value), 1, 1, 1));
        }

        @POST
        public FormValidation doCheckTimeoutMinutes(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(
                    item,
                    value,
                    () -> SlotProviderAdapter.check(
                            Caps.of(1, FormAdapter.number(value), 1, 1).time()));
        }

        @POST
        public FormValidation doCheckMaxBudgetUsd(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> Caps.of(1, 1, FormAdapter.decimal(value), 1));
        }

        @POST
        public FormValidation doCheckMaxOutputMb(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> Caps.of(1, 1, 1, FormAdapter.number(value)));
        }

        @POST
        public FormValidation doCheckRetries(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedRetries(FormAdapter.number(value)));
        }

        static ListBoxModel keys(@CheckForNull Item item, @CheckForNull String current) {
            return FormAdapter.credentials(
                    item, null, current, CredentialsMatchers.instanceOf(StringCredentials.class));
        }

        protected static ListBoxModel gitCredentials(@CheckForNull Item item, @CheckForNull String current) {
            return FormAdapter.credentials(item, null, current, FormAdapter.repositoryLogins());
        }
    }
}
