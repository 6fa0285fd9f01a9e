package io.jenkins.plugins.minibuild.miniprogram;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import io.jenkins.plugins.minibuild.checkout.CommitInfo;
import io.jenkins.plugins.minibuild.miniprogram.dependencies.DependencyCache;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgram;
import io.jenkins.plugins.minibuild.miniprogram.profile.TaskParameters;
import io.jenkins.plugins.minibuild.miniprogram.profile.Version;
import io.jenkins.plugins.minibuild.miniprogram.profile.VersionChoice;
import io.jenkins.plugins.minibuild.miniprogram.profile.VersionStore;
import io.jenkins.plugins.minibuild.process.AgentLostException;
import io.jenkins.plugins.minibuild.process.CommandTimeoutException;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.Phases;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The way that an upload and a preview have in common, in phases: preflight, checkout, install, build, upload or preview, finish. */
final class CiRun {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHORT_COMMIT = 7;
    private static final String SOURCE_MAP = "sourcemap";

    private final TaskParameters parameters;

    CiRun(TaskParameters parameters) {
        this.parameters = parameters;
    }

    private static Map<String, Integer> phases(String action) {
        Map<String, Integer> shares = new LinkedHashMap<>();
        shares.put("preflight", 5);
        shares.put("checkout", 15);
        shares.put("install", 25);
        shares.put("build", 20);
        shares.put(action, 30);
        shares.put("finish", 5);
        return shares;
    }

    /**
     * Goes all the way up to the phase finish, which {@link Outcome#finish} is.
     *
     * @param action {@code upload} or {@code preview}
     * @param request what only this action needs, under the names of miniprogram-ci
     * @param choice the version of an upload; null for a preview
     * @throws AbortException for everything that a user or an admin can mend
     */
    Outcome run(BuildContext context, String action, ObjectNode request, @CheckForNull VersionChoice choice)
            throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(parameters.timeout());
        Phases phases = new Phases(context, parameters.title() + " " + action, action, phases(action));
        try {
            MiniProgram program = parameters.program();
            Outcome outcome = new Outcome(context, parameters, phases);
            // The key first: a broken one shall not cost an install and a build.
            PrivateKey key = phases.run("preflight", () -> {
                PrivateKey read = key(context);
                read.secrets().forEach(context.redactor()::add);
                outcome.found = Preflight.check(context, parameters);
                return read;
            });
            if (parameters.doctor()) {
                phases.end();
                context.listener().getLogger().println(Messages.CiRun_doctor(parameters.title()));
                return outcome;
            }
            checkOut(context, phases, outcome);
            BuildPlan.Prepared project = build(context, phases, outcome, key, deadline);
            outcome.robot = parameters.robotOf(outcome.branch());
            outcome.desc = desc(context, outcome.commit);
            request.put("robot", outcome.robot);
            if (!outcome.desc.isEmpty()) {
                request.put("desc", outcome.desc);
            }
            request.set("setting", JSON.valueToTree(parameters.setting()));
            boolean sourceMap = parameters.sourceMap() && action.equals("upload");
            request.put("quality", parameters.quality()).put("sourceMap", sourceMap);
            outcome.answer = phases.run(action, () -> {
                CiLocation location = outcome.location(deadline);
                Sending sending = () -> new CiDriver(context, location, program)
                        .keep(outcome.artifact("quality", "json"), "quality.json")
                        .keep(outcome.artifact(SOURCE_MAP, "zip"), "sourcemap.zip")
                        .run(action, request, key, project.folder(), explanation(project), deadline);
                return choice == null ? sending.send() : upload(context, outcome, request, choice, sending, deadline);
            });
            String trouble =
                    DriverFailure.clean(outcome.result().path("trouble").asText(""));
            if (!trouble.isEmpty()) {
                context.listener().getLogger().println(context.redactor().redact(Messages.CiRun_trouble(trouble)));
            }
            return outcome;
        } catch (CommandTimeoutException e) {
            throw new AbortException(Messages.CiRun_timeout(e.getMessage()));
        } catch (AbortException e) {
            throw e;
        } catch (IOException e) {
            if (AgentLostException.isAgentLost(e)) {
                throw AgentLostException.during("miniprogram-ci", e);
            }
            if (Explanation.isDiskFull(String.valueOf(e.getMessage()))) {
                throw new AbortException(Messages.Explanation_diskFull());
            }
            throw e;
        }
    }

    /** Install and build; meanwhile the cache has the dependencies, afterwards it makes them ready for the next build. */
    private BuildPlan.Prepared build(
            BuildContext context, Phases phases, Outcome outcome, PrivateKey key, Deadline deadline)
            throws IOException, InterruptedException {
        BuildPlan plan = parameters.plan();
        MiniProgram program = parameters.program();
        DependencyCache cache = null;
        try {
            if (plan.installs()) {
                cache = phases.run("install", () -> plan.install(context, program, deadline));
            } else {
                phases.skip("install", Messages.Phases_nothing());
            }
            outcome.project = phases.run("build", () -> {
                BuildPlan.Prepared built = plan.build(context, program, deadline);
                if (parameters.npm()) {
                    packNpm(context, outcome.location(deadline), key, built, deadline);
                }
                return built;
            });
            return outcome.project;
        } finally {
            if (cache != null) {
                cache.prepareNext();
            }
        }
    }

    private Explanation explanation(BuildPlan.Prepared project) {
        return new Explanation(parameters.program(), parameters.credentialsId(), project.place(), project.names());
    }

    private void checkOut(BuildContext context, Phases phases, Outcome outcome)
            throws IOException, InterruptedException {
        if (!parameters.source().isRepository()) {
            outcome.commit = Source.describe(context);
            phases.skip("checkout", Messages.Phases_workspace());
            return;
        }
        outcome.commit = phases.run("checkout", () -> {
            try {
                CommitInfo fresh = parameters.source().checkOut(context);
                CommitInfo info = fresh == null ? Source.describe(context) : fresh;
                if (fresh == null && info != null) {
                    context.listener().getLogger().println(Messages.CiRun_alreadyThere(info.commit()));
                }
                return info;
            } catch (IllegalArgumentException e) {
                throw new AbortException(e.getMessage());
            }
        });
    }

    /** One at a time for an app and robot; once more when the network broke before anything was sent. */
    private CiDriver.Answer upload(
            BuildContext context,
            Outcome outcome,
            ObjectNode request,
            VersionChoice choice,
            Sending sending,
            Deadline deadline)
            throws IOException, InterruptedException {
        String appId = parameters.program().appId();
        VersionStore store = new VersionStore(context.controllerFolder());
        try (RobotTurn turn = RobotTurn.await(
                appId,
                outcome.robot,
                context.record().displayName(),
                context.listener().getLogger(),
                deadline)) {
            VersionChoice.Taken taken = choice.take(store, appId);
            Version version = taken.version();
            outcome.version = version.toString();
            request.put("version", outcome.version);
            if (choice.automatic()) {
                context.listener().getLogger().println(Messages.CiRun_reserved(appId, outcome.version));
            }
            CiDriver.Answer answer;
            try {
                answer = sendOrRetry(context, sending);
            } catch (CiFailureException e) {
                if (!e.mayHaveBeenAccepted()) {
                    if (taken.mine()) {
                        store.release(appId, version);
                    }
                } else if (e.isNetwork()) {
                    throw new AbortException(
                            e.getMessage() + "\n" + Messages.CiRun_maybeAccepted(outcome.version, appId));
                }
                throw e;
            }
            store.uploaded(appId, version);
            return answer;
        }
    }

    private static CiDriver.Answer sendOrRetry(BuildContext context, Sending sending)
            throws IOException, InterruptedException {
        try {
            return sending.send();
        } catch (CiFailureException e) {
            if (!e.isNetwork() || e.mayHaveBeenAccepted()) {
                throw e;
            }
            context.listener().getLogger().println(Messages.CiRun_retry(e.getMessage()));
            return sending.send();
        }
    }

    /** Branch, short commit, message, build number: what people look for when they see a version at the service. */
    private String desc(BuildContext context, @CheckForNull CommitInfo commit) {
        if (!parameters.desc().isEmpty()) {
            return parameters.desc();
        }
        String number = context.environment().getOrDefault("BUILD_NUMBER", "");
        String end = number.isEmpty() ? "" : " #" + number;
        if (commit == null) {
            return end.trim();
        }
        String id = commit.commit().substring(0, SHORT_COMMIT);
        String text = (commit.branch() + " " + id + " " + commit.subject()).trim();
        String whole = text + end;
        // The number is what leads back to the build: the message is cut, not the number.
        return TaskParameters.cut(whole).equals(whole)
                ? whole
                : TaskParameters.cut(text, TaskParameters.LONGEST_TEXT - end.length()) + end;
    }

    private void packNpm(
            BuildContext context, CiLocation location, PrivateKey key, BuildPlan.Prepared project, Deadline deadline)
            throws IOException, InterruptedException {
        context.listener().getLogger().println(Messages.CiRun_packing());
        JsonNode result = new CiDriver(context, location, parameters.program())
                .run("packNpm", request(), key, project.folder(), explanation(project), deadline)
                .result();
        for (JsonNode warning : result.path("npmWarnings")) {
            context.listener().getLogger().println(Messages.CiRun_packWarning(DriverFailure.clean(warning.asText(""))));
        }
    }

    private PrivateKey key(BuildContext context) throws IOException {
        String id = parameters.credentialsId();
        StandardCredentials credentials = context.credentials().require(id, null, Messages.CiRun_keyKinds());
        return PrivateKey.of(credentials);
    }

    /** An empty request. */
    static ObjectNode request() {
        return JSON.createObjectNode();
    }

    @FunctionalInterface
    private interface Sending {
        CiDriver.Answer send() throws IOException, InterruptedException;
    }

    /** What became of it. */
    static final class Outcome {
        private final BuildContext context;
        private final TaskParameters parameters;
        private final Phases phases;
        private Map<String, Object> found = Map.of();
        private CommitInfo commit;
        private CiLocation location;
        private BuildPlan.Prepared project;
        private CiDriver.Answer answer;
        private int robot;
        private String desc = "";
        private String version = "";

        private Outcome(BuildContext context, TaskParameters parameters, Phases phases) {
            this.context = context;
            this.parameters = parameters;
            this.phases = phases;
            this.robot = parameters.robot();
        }

        /** Whether it was only looked whether it could work. */
        boolean isDoctor() {
            return answer == null;
        }

        /** What the preflight found. */
        Map<String, Object> found() {
            return found;
        }

        JsonNode result() {
            return answer.result();
        }

        byte[] picture() {
            return answer.picture();
        }

        int robot() {
            return robot;
        }

        String desc() {
            return desc;
        }

        String version() {
            return version;
        }

        private String branch() {
            return commit == null ? "" : commit.branch();
        }

        /** Where miniprogram-ci is; looked for once, when the dependencies are there, among which it may be. */
        private CiLocation location(Deadline deadline) throws IOException, InterruptedException {
            if (location == null) {
                location = CiLocation.find(context, parameters.program().projectPath(), parameters.tool(), deadline);
            }
            return location;
        }

        /** The path of an artifact. Those of several uploads of one build are kept apart by app and robot. */
        private String artifact(String what, String extension) {
            return "miniprogram/" + what + "-" + parameters.program().appId() + "-" + robot + "." + extension;
        }

        /** What was found besides the sizes. To be called in {@link #finish}: it may ask the agent. */
        Findings findings() throws IOException, InterruptedException {
            Findings told = Findings.read(answer.result(), artifact(SOURCE_MAP, "zip"));
            // A version of miniprogram-ci that cannot be watched tells none: those of the folder are nearly the same.
            return told.largestFiles().isEmpty() ? told.with(LargestFiles.of(FileSizes.in(project.folder()))) : told;
        }

        /** The sizes that the service counted. */
        PackageSizes sizes() {
            return PackageSizes.read(
                    answer.result().get("subPackageInfo"), parameters.program().type());
        }

        /** The last phase: what is kept of it. */
        <T> T finish(Finishing<T> finishing) throws IOException, InterruptedException {
            return phases.run("finish", () -> {
                List<String> over = sizes().over(parameters.budget());
                over.forEach(each -> context.listener().getLogger().println(Messages.CiRun_overBudget(each)));
                return finishing.finish(
                        new ShipmentFacts(parameters.title(), commit, phases.millis(), parameters.budget()));
            });
        }
    }

    /** Keeps what came out. */
    @FunctionalInterface
    interface Finishing<T> {
        T finish(ShipmentFacts facts) throws IOException, InterruptedException;
    }
}
