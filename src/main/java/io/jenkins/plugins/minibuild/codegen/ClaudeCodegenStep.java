package io.jenkins.plugins.minibuild.codegen;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import hudson.util.FormValidation;
import io.jenkins.plugins.minibuild.analysis.RepositoryAnalysis;
import io.jenkins.plugins.minibuild.claude.Caps;
import io.jenkins.plugins.minibuild.claude.ClaudeCli;
import io.jenkins.plugins.minibuild.claude.ClaudeClient;
import io.jenkins.plugins.minibuild.claude.ConsoleLines;
import io.jenkins.plugins.minibuild.claude.WorkspacePath;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.process.ContainerChoice;
import io.jenkins.plugins.minibuild.process.ContainerEngine;
import io.jenkins.plugins.minibuild.process.Isolation;
import io.jenkins.plugins.minibuild.review.ReviewReport;
import io.jenkins.plugins.minibuild.review.ReviewRequest;
import io.jenkins.plugins.minibuild.review.ReviewingStep;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.BuildEvent;
import io.jenkins.plugins.minibuild.step.BuildNewsListener;
import io.jenkins.plugins.minibuild.step.BuildTask;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import io.jenkins.plugins.minibuild.step.ShellLine;
import io.jenkins.plugins.minibuild.step.TimeLimit;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The step {@code claudeCodegen}. */
public final class ClaudeCodegenStep extends ReviewingStep<CodegenResult> {
    static final String DEFAULT_TOOLS = "Read,Write,Edit,Glob,Grep,Bash";
    static final String DEFAULT_PROTECTED = "main,master,develop,release/**,hotfix/**,production";
    static final String DEFAULT_AUTHOR = "Mini Build <mini-build@localhost>";

    private static final Caps DEFAULTS = Caps.of(50, 10, 5, 100);
    private static final int DEFAULT_CHECK_RETRIES = 2;
    private static final int MOST_CHECK_RETRIES = 10;
    private static final Pattern TOOL = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,60}(\\([^()\\p{Cntrl}]{1,200}\\))?");
    private static final Pattern AUTHOR =
            Pattern.compile("([^<>\\p{Cntrl}]{1,100}) <([^<>\\s]{1,200}@[^<>\\s]{1,200})>");

    private final RequirementConfiguration requirement;
    private String baseBranch;
    private String branch;
    private String context;
    private String allowedTools;
    private String disallowedTools;
    private String allowPaths;
    private String denyPaths;
    private String protectedBranches;
    private String checkCommand;
    /** Null for the default, as all below: a stored job that lacks one gets the default, not a zero. */
    private Integer checkRetries;

    private boolean checkNetwork;
    private String containerNetwork;
    private Boolean push;
    private boolean keepPartial;
    private String author;
    private boolean analyze;
    private boolean review;

    /** The review of the work that this object's task generated; null for none. */
    private transient ReviewReport reviewed;

    /** @param requirement to implement */
    @DataBoundConstructor
    public ClaudeCodegenStep(RequirementConfiguration requirement) {
        this.requirement = requirement;
    }

    @Override
    protected Caps defaults() {
        return DEFAULTS;
    }

    /** The requirement to implement. */
    public RequirementConfiguration getRequirement() {
        return requirement;
    }

    /** Null for the remote's default branch. */
    @CheckForNull
    public String getBaseBranch() {
        return baseBranch;
    }

    @DataBoundSetter
    public void setBaseBranch(@CheckForNull String value) {
        baseBranch = checkedRef(value);
    }

    /** Null for {@code feature/req-} and the requirement's id. */
    @CheckForNull
    public String getBranch() {
        return branch;
    }

    @DataBoundSetter
    public void setBranch(@CheckForNull String value) {
        branch = checkedRef(value);
    }

    /** The job's addition to the requirement. */
    @CheckForNull
    public String getContext() {
        return context;
    }

    @DataBoundSetter
    public void setContext(@CheckForNull String value) {
        context = Util.fixEmptyAndTrim(value);
    }

    /** Tools, separated by commas. */
    public String getAllowedTools() {
        return allowedTools == null ? DEFAULT_TOOLS : allowedTools;
    }

    @DataBoundSetter
    public void setAllowedTools(@CheckForNull String value) {
        String list = Util.fixEmptyAndTrim(value);
        checkedTools(list);
        allowedTools = DEFAULT_TOOLS.equals(list) ? null : list;
    }

    /** Tools, separated by commas; null for none. */
    @CheckForNull
    public String getDisallowedTools() {
        return disallowedTools;
    }

    @DataBoundSetter
    public void setDisallowedTools(@CheckForNull String value) {
        String list = Util.fixEmptyAndTrim(value);
        checkedTools(list);
        disallowedTools = list;
    }

    /** Patterns of paths, separated by commas; null for all. */
    @CheckForNull
    public String getAllowPaths() {
        return allowPaths;
    }

    @DataBoundSetter
    public void setAllowPaths(@CheckForNull String value) {
        allowPaths = checkedPaths(value);
    }

    /** Patterns of paths, separated by commas; null for none. */
    @CheckForNull
    public String getDenyPaths() {
        return denyPaths;
    }

    @DataBoundSetter
    public void setDenyPaths(@CheckForNull String value) {
        denyPaths = checkedPaths(value);
    }

    /** Patterns of branches, separated by commas. */
    public String getProtectedBranches() {
        return protectedBranches == null ? DEFAULT_PROTECTED : protectedBranches;
    }

    @DataBoundSetter
    public void setProtectedBranches(@CheckForNull String value) {
        String list = checkedBranches(value);
        protectedBranches = DEFAULT_PROTECTED.equals(list) ? null : list;
    }

    @CheckForNull
    private static String checkedBranches(@CheckForNull String value) {
        String list = checkedPaths(value);
        if (!FormAdapter.isVariable(list)) {
            Glob.checkRefs(list);
        }
        return list;
    }

    /** A line for the agent's shell; null for none. */
    @CheckForNull
    public String getCheckCommand() {
        return checkCommand;
    }

    @ShellLine
    @DataBoundSetter
    public void setCheckCommand(@CheckForNull String value) {
        checkCommand = Util.fixEmptyAndTrim(value);
    }

    /** How often the model may repair its work after a failed check. */
    public int getCheckRetries() {
        return checkRetries == null ? DEFAULT_CHECK_RETRIES : checkRetries;
    }

    @DataBoundSetter
    public void setCheckRetries(int value) {
        int checked = checkedCheckRetries(value);
        checkRetries = checked == DEFAULT_CHECK_RETRIES ? null : (Integer) checked;
    }

    /** Whether the check has a network. */
    public boolean isCheckNetwork() {
        return checkNetwork;
    }

    @DataBoundSetter
    public void setCheckNetwork(boolean value) {
        checkNetwork = value;
    }

    /** The network of the check's container, where the check has one; null for the engine's default. */
    @CheckForNull
    public String getContainerNetwork() {
        return containerNetwork;
    }

    @DataBoundSetter
    public void setContainerNetwork(@CheckForNull String value) {
        containerNetwork = checkedNetwork(value);
    }

    @CheckForNull
    private static String checkedNetwork(@CheckForNull String value) {
        String network = Util.fixEmptyAndTrim(value);
        if (network != null && !FormAdapter.isVariable(network)) {
            Objects.requireNonNull(new ContainerChoice(ContainerEngine.STANDARD, "image", network));
        }
        return network;
    }

    @Override
    protected Isolation isolation() {
        Isolation all = super.isolation();
        ContainerChoice choice = all.container();
        return choice == null || containerNetwork == null
                ? all
                : new Isolation(
                        new ContainerChoice(choice.engine(), choice.image(), containerNetwork),
                        all.use(),
                        all.readable());
    }

    /** Whether the branch is pushed. */
    public boolean isPush() {
        return push == null || push;
    }

    @DataBoundSetter
    public void setPush(boolean value) {
        push = value ? null : Boolean.FALSE;
    }

    /** Whether unfinished work, after a cap or an abort, is committed, too. */
    public boolean isKeepPartial() {
        return keepPartial;
    }

    @DataBoundSetter
    public void setKeepPartial(boolean value) {
        keepPartial = value;
    }

    /** The author of commits, {@code Name <address>}. */
    public String getAuthor() {
        return author == null ? DEFAULT_AUTHOR : author;
    }

    @DataBoundSetter
    public void setAuthor(@CheckForNull String value) {
        String name = Util.fixEmptyAndTrim(value);
        checkedAuthor(name);
        author = DEFAULT_AUTHOR.equals(name) ? null : name;
    }

    /** Whether the repository is analysed first. */
    public boolean isAnalyze() {
        return analyze;
    }

    @DataBoundSetter
    public void setAnalyze(boolean value) {
        analyze = value;
    }

    /** Whether the change is reviewed afterwards. */
    public boolean isReview() {
        return review;
    }

    @DataBoundSetter
    public void setReview(boolean value) {
        review = value;
    }

    private static List<String> checkedTools(@CheckForNull String value) {
        if (value == null || FormAdapter.isVariable(value)) {
            return List.of();
        }
        // A pattern may hold a comma.
        List<String> tools = Stream.of(value.split(",(?![^(]*\\))"))
                .map(String::strip)
                .filter(tool -> !tool.isEmpty())
                .toList();
        tools.stream().filter(tool -> !TOOL.matcher(tool).matches()).findFirst().ifPresent(tool -> {
            throw new IllegalArgumentException(Messages.ClaudeCodegenStep_tool(tool));
        });
        return tools;
    }

    private static int checkedCheckRetries(int value) {
        if (value < 0 || value > MOST_CHECK_RETRIES) {
            throw new IllegalArgumentException(Messages.ClaudeStep_retries(MOST_CHECK_RETRIES));
        }
        return value;
    }

    private static CodegenRequest.Author checkedAuthor(@CheckForNull String value) {
        if (value == null || FormAdapter.isVariable(value)) {
            return new CodegenRequest.Author("", "");
        }
        var matcher = AUTHOR.matcher(value);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(Messages.ClaudeCodegenStep_author(value));
        }
        return new CodegenRequest.Author(matcher.group(1), matcher.group(2));
    }

    @Override
    public BuildTask<CodegenResult> task() {
        return build -> {
            try {
                return generate(build);
            } catch (IllegalArgumentException e) {
                throw new AbortException(e.getMessage());
            }
        };
    }

    private CodegenResult generate(BuildContext build) throws IOException, InterruptedException {
        if (requirement == null) {
            throw new AbortException(Messages.ClaudeCodegenStep_noRequirement());
        }
        String directory = checkedDirectory(getDirectory());
        String folder =
                (directory.isEmpty() ? build.workspace() : build.workspace().child(directory)).getRemote();
        try (WorkFolder mine = WorkFolder.claim(build.agent(), folder, caps().time(), () -> build.listener()
                .getLogger()
                .println(Messages.ClaudeCodegenStep_waits(folder)))) {
            if (mine == null) {
                throw new AbortException(Messages.ClaudeCodegenStep_taken(
                        folder, String.valueOf(caps().time().toMinutes())));
            }
            return generateAlone(build);
        }
    }

    private CodegenResult generateAlone(BuildContext build) throws IOException, InterruptedException {
        // The build may run the step again after its agent was lost: the clean checkout would delete the code that was
        // left there.
        keepLeft(build);
        Requirement wanted = requirement.read(build);
        String patch = Codegen.nextPatch(build);
        CodegenRequest request = request(wanted, patch);
        String title = Messages.ClaudeCodegenStep_title(
                wanted.title().isEmpty() ? wanted.id() : ConsoleLines.printable(wanted.title()));
        CodegenResult result;
        try (ClaudeClient claude = new ClaudeClient(
                        build, options(), title, checkedTools(getAllowedTools()), checkedTools(disallowedTools));
                ClaudeCodeGenerator generator = new ClaudeCodeGenerator(build, claude, patch)) {
            if (checkCommand != null) {
                claude.checkConfined("checkCommand");
            }
            result = new Codegen(request, generator, ClaudeCli.KEPT_VARIABLES).run(build);
        }
        reviewed = review ? review(build, result.branch()) : null;
        return result;
    }

    /** Besides its own time: the wait for another generation in the same folder, the profile before, the checks of each revision, the review after, which have limits of their own. */
    @Override
    public TimeLimit timeLimit(Job<?, ?> job) {
        TimeLimit own = super.timeLimit(job);
        // Another generation in the same folder is waited for.
        Duration more = own.afterwards().plus(caps().time());
        if (analyze) {
            more = more.plus(RepositoryAnalysis.CAPS.time());
        }
        if (checkCommand != null) {
            more = more.plus(Codegen.CHECK_PATIENCE.multipliedBy(1L + getCheckRetries()));
        }
        if (review) {
            more = more.plus(ReviewRequest.CAPS.time());
        }
        return new TimeLimit(own.time(), own.given(), more);
    }

    private CodegenRequest request(Requirement wanted, String patch) {
        return new CodegenRequest(
                wanted,
                Util.fixNull(context),
                analyze ? this::profile : null,
                new CodegenRequest.Repository(
                        Util.fixNull(getUrl()),
                        Util.fixNull(getGitCredentialsId()),
                        Util.fixNull(getDirectory()),
                        Util.fixNull(baseBranch),
                        Util.fixNull(branch),
                        Glob.paths(getProtectedBranches())),
                new CodegenRequest.Paths(Glob.paths(Util.fixNull(allowPaths)), Glob.paths(Util.fixNull(denyPaths))),
                new CodegenRequest.Check(Util.fixNull(checkCommand), getCheckRetries(), isolation(), checkNetwork),
                new CodegenRequest.Publication(isPush(), keepPartial, checkedAuthor(getAuthor()), patch));
    }

    /** Reviews the work with the defaults of {@code aiReview}, within caps of its own; nothing in the repository is trusted. */
    private ReviewReport review(BuildContext build, CodegenResult.Branch work)
            throws IOException, InterruptedException {
        String folder = checkedDirectory(getDirectory());
        ReviewRequest.Source source = new ReviewRequest.Source(
                WorkspacePath.folder(build.workspace(), folder),
                folder,
                build.record().facts().get(Codegen.URL_FACT),
                getGitCredentialsId(),
                work.base(),
                work.pushed() ? work.name() : null);
        return review(build, ReviewRequest.of(source), options().untrusted().with(ReviewRequest.CAPS));
    }

    /** Describes the repository as {@code analyzeRepository} does by default, within caps of its own. */
    private String profile(BuildContext build) throws IOException, InterruptedException {
        return new RepositoryAnalysis(
                        checkedDirectory(getDirectory()), options().with(RepositoryAnalysis.CAPS), true)
                .run(build)
                .profile()
                .toJson();
    }

    @Override
    public Map<String, Object> toReturnValue(CodegenResult result) {
        Map<String, Object> map = result.toMap();
        if (reviewed != null) {
            map.put("review", reviewed.toMap());
        }
        return map;
    }

    @Override
    protected void attach(Run<?, ?> run, CodegenResult result) throws IOException {
        CodegenAction shown = new CodegenAction(result);
        run.addAction(shown);
        run.save();
        BuildNewsListener.fire(run, BuildEvent.CODEGEN_DONE, shown.newsFacts());
        if (reviewed != null) {
            conclude(run, reviewed);
        }
    }

    @Override
    protected void brokenOff(BuildContext context) throws IOException, InterruptedException {
        super.brokenOff(context);
        keepLeft(context);
    }

    private static void keepLeft(BuildContext context) throws IOException, InterruptedException {
        for (UnfinishedCode work : UnfinishedCode.left(context.controllerFolder())) {
            if (work.build().equals(context.record().id())
                    && work.checkout().agent().equals(context.agent())
                    && work.checkout().workspace().equals(context.workspace().getRemote())) {
                Codegen.keepBrokenOff(context, work);
            }
        }
    }

    @Extension
    @Symbol("claudeCodegen")
    public static final class DescriptorImpl extends ClaudeGitStepDescriptor {
        @Override
        protected Caps defaults() {
            return DEFAULTS;
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.ClaudeCodegenStep_displayName();
        }

        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            return Objects.toString(namedArgs.get("branch"), null);
        }

        /** Checks the name; asks no engine. */
        @POST
        public FormValidation doCheckContainerNetwork(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedNetwork(value));
        }

        @POST
        public FormValidation doCheckBaseBranch(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedRef(value));
        }

        @POST
        public FormValidation doCheckBranch(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedRef(value));
        }

        @POST
        public FormValidation doCheckAllowedTools(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedTools(Util.fixEmptyAndTrim(value)));
        }

        @POST
        public FormValidation doCheckDisallowedTools(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedTools(Util.fixEmptyAndTrim(value)));
        }

        @POST
        public FormValidation doCheckAllowPaths(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedPaths(value));
        }

        @POST
        public FormValidation doCheckDenyPaths(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedPaths(value));
        }

        @POST
        public FormValidation doCheckProtectedBranches(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedBranches(value));
        }

        @POST
        public FormValidation doCheckCheckRetries(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedCheckRetries(FormAdapter.number(value)));
        }

        @POST
        public FormValidation doCheckAuthor(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> checkedAuthor(Util.fixEmptyAndTrim(value)));
        }
    }
}
