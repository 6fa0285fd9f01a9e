package io.jenkins.plugins.minibuild.miniprogram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import io.jenkins.plugins.minibuild.access.Policies;
import io.jenkins.plugins.minibuild.checkout.CommitInfo;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.miniprogram.dependencies.DependencyCache;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgram;
import io.jenkins.plugins.minibuild.miniprogram.profile.PrivateKey;
import io.jenkins.plugins.minibuild.miniprogram.profile.Robots;
import io.jenkins.plugins.minibuild.miniprogram.profile.Versioning;
import io.jenkins.plugins.minibuild.process.AgentLostException;
import io.jenkins.plugins.minibuild.process.CommandTimeoutException;
import io.jenkins.plugins.minibuild.process.Deadline;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.Fact;
import io.jenkins.plugins.minibuild.step.Phases;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The phases that an upload and a preview share: preflight, checkout, install, build, the upload or preview itself, finish. Call
 * {@link #preflight}, {@link #ship} and {@link #finish} in this order; what one phase finds out is handed to the next as a record.
 */
final class CiRun {

    private static final int SHORT_COMMIT = 7;
    private static final String SOURCE_MAP = "sourcemap";

    private final BuildContext context;
    private final TaskParameters parameters;
    private final String action;
    private final Deadline deadline;
    private final Phases phases;

    /**
     * Begins to count the time.
     *
     * @param action {@code upload} or {@code preview}
     */
    CiRun(BuildContext context, TaskParameters parameters, String action) {
        this.context = context;
        this.parameters = parameters;
        this.action = action;
        this.deadline = Deadline.after(parameters.build().timeout());
        Map<String, Integer> shares = new LinkedHashMap<>();
        shares.put("preflight", 5);
        shares.put("checkout", 15);
        shares.put("install", 25);
        shares.put("build", 20);
        shares.put(action, 30);
        shares.put("finish", 5);
        this.phases = new Phases(context, title(parameters.title(), action), action, shares);
    }

    private static String title(String program, String action) {
        return action.equals("upload") ? Messages.CiRun_upload(program) : Messages.CiRun_preview(program);
    }

    /**
     * What the first phase found.
     *
     * @param key the upload key
     * @param agent what {@link Preflight} found on the agent
     */
    record Checked(PrivateKey key, Map<String, Object> agent) {}

    /**
     * A project that is built.
     *
     * @param commit the commit; null when it is not known
     * @param project the folder to compile
     * @param location where miniprogram-ci is; null when the build did not need it
     */
    private record Built(
            @CheckForNull CommitInfo commit,
            BuildPlan.Prepared project,
            @CheckForNull CiLocation location) {}

    /**
     * What was sent to the service, and what came back.
     *
     * @param commit the commit; null when it is not known
     * @param project the folder that was compiled
     * @param robot the CI robot
     * @param desc the description
     * @param accepted what the service accepted
     */
    record Sent(
            @CheckForNull CommitInfo commit, BuildPlan.Prepared project, int robot, String desc, Accepted accepted) {}

    /**
     * A package that the service accepted.
     *
     * @param version the version of an upload; empty for a preview
     * @param result what the driver reported
     */
    record Accepted(String version, CiDriver.DriverResult result) {}

    /**
     * Reads the key and looks at the agent: a broken key shall not cost an install and a build. A doctor's run ends here.
     *
     * @throws AbortException for everything that a user or an administrator can mend
     */
    Checked preflight() throws IOException, InterruptedException {
        Policies.checkNode(context);
        return explained(() -> {
            Checked checked = phases.run("preflight", () -> {
                PrivateKey key = PrivateKey.of(
                        context.credentials().require(parameters.credentialsId(), null, Messages.CiRun_keyKinds()));
                key.secrets().forEach(context.redactor()::add);
                return new Checked(key, Preflight.check(context, parameters));
            });
            if (parameters.doctor()) {
                phases.end();
                context.listener().getLogger().println(Messages.CiRun_doctor(parameters.title()));
            }
            return checked;
        });
    }

    /**
     * Checks out, installs, builds, and uploads or previews.
     *
     * @param request the parameters that only this action needs, under the names of miniprogram-ci
     * @param choice the version of an upload; null for a preview
     * @throws AbortException for everything that a user or an administrator can mend
     */
    Sent ship(PrivateKey key, ObjectNode request, @CheckForNull VersionChoice choice)
            throws IOException, InterruptedException {
        return explained(() -> {
            CommitInfo commit = checkOut();
            if (choice != null) {
                UploadApproval.check(context, parameters, commit);
            }
            Built built = build(commit, key);
            built.project.pages().check(request.path("pagePath").asText(""));
            int robot = parameters.robots().of(built.commit == null ? "" : built.commit.branch());
            String desc = desc(built.commit);
            request.put("robot", robot);
            if (!desc.isEmpty()) {
                request.put("desc", desc);
            }
            request.set("setting", Json.MAPPER.valueToTree(parameters.setting().flags()));
            boolean sourceMap = parameters.sourceMap() && action.equals("upload");
            request.put("quality", parameters.quality()).put("sourceMap", sourceMap);
            Accepted accepted = phases.run(action, () -> {
                CiLocation location = built.location == null ? location() : built.location;
                Sending sending = () -> new CiDriver(context, location, parameters.program())
                        .keep(artifact("quality", robot, "json"), "quality.json")
                        .keep(artifact(SOURCE_MAP, robot, "zip"), "sourcemap.zip")
                        .run(action, request, key, built.project.folder(), explanation(built.project), deadline);
                return choice == null ? new Accepted("", sending.send()) : upload(robot, request, choice, sending);
            });
            String trouble =
                    DriverFailure.clean(accepted.result.json().path("trouble").asText(""));
            if (!trouble.isEmpty()) {
                log(context.redactor().redact(Messages.CiRun_trouble(trouble)));
            }
            return new Sent(built.commit, built.project, robot, desc, accepted);
        });
    }

    /** The last phase: reads the result and keeps it. */
    <T> T finish(Sent sent, Finishing<T> finishing) throws IOException, InterruptedException {
        return phases.run("finish", () -> {
            JsonNode result = sent.accepted.result.json();
            PackageSizes sizes = PackageSizes.read(
                    result.get("subPackageInfo"), parameters.program().type());
            sizes.over(parameters.budget()).forEach(each -> log(Messages.CiRun_overBudget(each)));
            Findings told = Findings.read(result, artifact(SOURCE_MAP, sent.robot, "zip"));
            // Where the version of miniprogram-ci cannot be watched, the files of the folder are nearly the same.
            Findings findings = told.largestFiles().isEmpty() ? told.with(FileSizes.in(sent.project.folder())) : told;
            return finishing.finish(new Shipment(
                    parameters.program().appId(),
                    sent.desc,
                    sent.robot,
                    sizes,
                    new ShipmentFacts(parameters.title(), sent.commit, phases.millis(), parameters.budget()),
                    findings));
        });
    }

    /** The path of an artifact. The app and the robot in it keep apart the files of several uploads of one build. */
    private String artifact(String name, int robot, String extension) {
        return "miniprogram/" + name + "-" + parameters.program().appId() + "-" + robot + "." + extension;
    }

    private VersionStore versions() {
        VersionStore shared = new VersionStore(context.controllerFolder());
        return CiLocation.PROJECT.equals(parameters.tool())
                ? shared.ofJob(context.record().jobName())
                : shared;
    }

    private CiLocation location() throws IOException, InterruptedException {
        return CiLocation.find(context, parameters.program().projectPath(), parameters.tool(), deadline);
    }

    private Explanation explanation(BuildPlan.Prepared project) {
        return new Explanation(parameters.program(), parameters.credentialsId(), project.path(), project.names());
    }

    private void log(String line) {
        context.listener().getLogger().println(line);
    }

    /** Runs phases and says in the user's words why they failed. */
    private static <T> T explained(Phases.Work<T> work) throws IOException, InterruptedException {
        try {
            return work.run();
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

    @CheckForNull
    private CommitInfo checkOut() throws IOException, InterruptedException {
        if (!parameters.source().isRepository()) {
            phases.skip("checkout", Messages.Phases_workspace());
            return Source.describe(context);
        }
        return phases.run("checkout", () -> {
            try {
                CommitInfo fresh = parameters.source().checkOut(context);
                CommitInfo info = fresh == null ? Source.describe(context) : fresh;
                if (fresh == null && info != null) {
                    log(Messages.CiRun_alreadyThere(info.commit()));
                }
                return info;
            } catch (IllegalArgumentException e) {
                throw new AbortException(e.getMessage());
            }
        });
    }

    /** Installs and builds. When the build is over, the cache makes the dependencies ready for the next one. */
    private Built build(@CheckForNull CommitInfo commit, PrivateKey key) throws IOException, InterruptedException {
        BuildPlan plan = parameters.plan();
        MiniProgram program = parameters.program();
        DependencyCache cache = null;
        try {
            if (plan.installs()) {
                cache = phases.run("install", () -> plan.install(context, program, action, deadline));
            } else {
                phases.skip("install", Messages.Phases_nothing());
            }
            return phases.run("build", () -> {
                BuildPlan.Prepared project = plan.build(context, program, deadline);
                // Only now: miniprogram-ci may be among the dependencies.
                CiLocation location = Boolean.TRUE.equals(parameters.build().npm()) ? packNpm(key, project) : null;
                return new Built(commit, project, location);
            });
        } finally {
            if (cache != null) {
                cache.prepareNext();
            }
        }
    }

    private CiLocation packNpm(PrivateKey key, BuildPlan.Prepared project) throws IOException, InterruptedException {
        CiLocation location = location();
        log(Messages.CiRun_packing());
        JsonNode result = new CiDriver(context, location, parameters.program())
                .run("packNpm", request(), key, project.folder(), explanation(project), deadline)
                .json();
        for (JsonNode warning : result.path("npmWarnings")) {
            log(Messages.CiRun_packWarning(DriverFailure.clean(warning.asText(""))));
        }
        return location;
    }

    /** Uploads when it is the robot's turn. Tries once more when the network broke before anything was sent. */
    private Accepted upload(int robot, ObjectNode request, VersionChoice choice, Sending sending)
            throws IOException, InterruptedException {
        String appId = parameters.program().appId();
        VersionStore store = versions();
        try (BuildContext.Turn turn = context.turn(Robots.name(appId, robot), deadline)) {
            VersionChoice.Taken taken = choice.take(store, appId);
            String version = taken.version().toString();
            request.put("version", version);
            if (choice.automatic()) {
                log(Messages.CiRun_reserved(appId, version));
            }
            // What ends the build from here on, an abort and a crash too, leaves the fact: nobody knows then what the
            // service has.
            Fact open = OpenUpload.fact(appId, robot);
            context.record().remember(open, version);
            CiDriver.DriverResult result;
            try {
                result = sendOrRetry(sending);
            } catch (CiFailureException e) {
                context.record().remember(open, "");
                if (!e.mayHaveBeenAccepted()) {
                    if (taken.mine()) {
                        store.release(appId, taken.version());
                    }
                } else if (e.isNetwork()) {
                    throw new AbortException(e.getMessage() + "\n" + Messages.CiRun_maybeAccepted(version, appId));
                }
                throw e;
            }
            store.uploaded(appId, taken.version());
            context.record().remember(open, "");
            return new Accepted(version, result);
        }
    }

    private CiDriver.DriverResult sendOrRetry(Sending sending) throws IOException, InterruptedException {
        try {
            return sending.send();
        } catch (CiFailureException e) {
            if (!e.isNetwork() || e.mayHaveBeenAccepted()) {
                throw e;
            }
            log(Messages.CiRun_retry(e.getMessage()));
            return sending.send();
        }
    }

    /** Branch, short commit, message and build number, unless the user gave a description. */
    private String desc(@CheckForNull CommitInfo commit) {
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
        // The number leads back to the build: the message is cut, not the number.
        return Versioning.cut(text, Versioning.LONGEST_DESC - end.length()) + end;
    }

    /** An empty request. */
    static ObjectNode request() {
        return Json.MAPPER.createObjectNode();
    }

    @FunctionalInterface
    private interface Sending {
        CiDriver.DriverResult send() throws IOException, InterruptedException;
    }

    /** Makes the result of the task and keeps what belongs to it. */
    @FunctionalInterface
    interface Finishing<T> {
        T finish(Shipment shipment) throws IOException, InterruptedException;
    }
}
