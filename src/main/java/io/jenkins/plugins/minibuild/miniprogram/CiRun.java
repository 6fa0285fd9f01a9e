package io.jenkins.plugins.minibuild.miniprogram;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.AbortException;
import io.jenkins.plugins.minibuild.build.BuildContext;
import io.jenkins.plugins.minibuild.process.AgentLostException;
import io.jenkins.plugins.minibuild.process.CommandTimeoutException;
import io.jenkins.plugins.minibuild.process.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** The way that an upload and a preview have in common: key, install, build, check, find miniprogram-ci, run it. */
final class CiRun {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST_KEY = 64 * 1024 + 1;

    private final TaskParameters parameters;

    CiRun(TaskParameters parameters) {
        this.parameters = parameters;
    }

    /**
     * Goes all the way.
     *
     * @param action {@code upload} or {@code preview}
     * @param request what only this action needs, under the names of miniprogram-ci
     * @throws AbortException for everything that a user or an admin can mend
     */
    CiDriver.Answer run(BuildContext context, String action, ObjectNode request)
            throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(parameters.timeout());
        // The key first: a broken one shall not cost an install and a build.
        PrivateKey key = key(context);
        key.secrets().forEach(context.redactor()::add);
        try {
            MiniProgram program = parameters.program();
            BuildPlan.Prepared project = parameters.plan().carryOut(context, program, deadline);
            CiLocation location = CiLocation.find(context, program.projectPath(), parameters.tool(), deadline);
            request.put("robot", parameters.robot());
            if (!parameters.desc().isEmpty()) {
                request.put("desc", parameters.desc());
            }
            request.set("setting", JSON.valueToTree(parameters.setting()));
            Explanation explanation =
                    new Explanation(program, parameters.credentialsId(), project.place(), project.names());
            if (parameters.npm()) {
                packNpm(context, location, key, project, explanation, deadline);
            }
            boolean sourceMap = parameters.sourceMap() && action.equals("upload");
            request.put("quality", parameters.quality()).put("sourceMap", sourceMap);
            CiDriver.Answer answer = new CiDriver(context, location, program)
                    .keep(artifact(parameters, "quality", "json"), "quality.json")
                    .keep(artifact(parameters, "sourcemap", "zip"), "sourcemap.zip")
                    .run(action, request, key, project.folder(), explanation, deadline);
            String trouble = DriverFailure.clean(answer.result().path("trouble").asText(""));
            if (!trouble.isEmpty()) {
                context.listener().getLogger().println(context.redactor().redact(Messages.CiRun_trouble(trouble)));
            }
            return answer;
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

    private void packNpm(
            BuildContext context,
            CiLocation location,
            PrivateKey key,
            BuildPlan.Prepared project,
            Explanation explanation,
            Deadline deadline)
            throws IOException, InterruptedException {
        context.listener().getLogger().println(Messages.CiRun_packing());
        JsonNode result = new CiDriver(context, location, parameters.program())
                .run("packNpm", request(), key, project.folder(), explanation, deadline)
                .result();
        for (JsonNode warning : result.path("npmWarnings")) {
            context.listener().getLogger().println(Messages.CiRun_packWarning(DriverFailure.clean(warning.asText(""))));
        }
    }

    /** The files of several uploads of one build are kept apart by app and robot. */
    static String artifact(TaskParameters parameters, String what, String extension) {
        return "miniprogram/" + what + "-" + parameters.program().appId() + "-" + parameters.robot() + "." + extension;
    }

    private PrivateKey key(BuildContext context) throws IOException {
        String id = parameters.credentialsId();
        StandardCredentials credentials = context.credentials().require(id, null, Messages.CiRun_keyKinds());
        if (credentials instanceof FileCredentials file) {
            try (InputStream in = file.getContent()) {
                return PrivateKey.parse(in.readNBytes(LARGEST_KEY), id);
            }
        }
        if (credentials instanceof StringCredentials text) {
            return PrivateKey.parse(text.getSecret().getPlainText().getBytes(StandardCharsets.UTF_8), id);
        }
        throw new AbortException(Messages.CiRun_wrongKind(id));
    }

    /** An empty request. */
    static ObjectNode request() {
        return JSON.createObjectNode();
    }
}
