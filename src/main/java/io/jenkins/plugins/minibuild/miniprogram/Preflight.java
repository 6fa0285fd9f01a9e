package io.jenkins.plugins.minibuild.miniprogram;

import com.fasterxml.jackson.core.JsonProcessingException;
import hudson.AbortException;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.miniprogram.profile.FreeDisk;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgram;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jenkins.MasterToSlaveFileCallable;

/** Checks before anything is fetched or built: the tools and the free disk of the agent, and the AppID in the project. */
public final class Preflight {

    private static final long GB = 1024L * 1024 * 1024;
    /** As driver.js, which says so too, but only after install and build. */
    private static final int OLDEST_NODE = 16;

    private static final Pattern MAJOR = Pattern.compile("([0-9]{1,3})\\.");

    private Preflight() {}

    /**
     * Checks the agent.
     *
     * @return what was found, for people and for a Pipeline: {@code node}, {@code npm}, {@code git} (empty when not there) and
     *     {@code freeDisk} in bytes
     * @throws AbortException for a problem that would fail the build later
     */
    public static Map<String, Object> check(BuildContext context, TaskParameters parameters)
            throws IOException, InterruptedException {
        Map<String, Object> found = new LinkedHashMap<>();
        // A doctor is asked when something is wrong.
        Map<String, String> versions = AgentTools.of(context, parameters.doctor());
        if (isTooOld(versions.get("node"))) {
            // It may have been replaced since.
            versions = AgentTools.of(context, true);
        }
        for (String tool : AgentTools.NAMES) {
            found.put(tool, versions.get(tool));
        }
        String node = versions.get("node");
        if (node.isEmpty()) {
            throw new AbortException(Messages.CiDriver_noNode());
        }
        if (isTooOld(node)) {
            throw new AbortException(Messages.Explanation_nodeTooOld(node));
        }
        if ("".equals(found.get("git")) && parameters.source().isRepository()) {
            throw new AbortException(Messages.Preflight_noGit());
        }
        State state = AgentAnswer.act(
                context.workspace(),
                new Look(MiniProgram.checkRelative(parameters.program().projectPath(), "projectPath")),
                State.class);
        found.put("freeDisk", state.free);
        context.listener()
                .getLogger()
                .println(Messages.Preflight_found(
                        shown(found.get("node")), shown(found.get("npm")), shown(found.get("git")), gb(state.free)));
        double least = context.settings().all(FreeDisk.class).stream()
                .findFirst()
                .orElse(FreeDisk.DEFAULT)
                .gigabytes();
        if (state.free < least * GB) {
            throw new AbortException(Messages.Preflight_disk(gb(state.free), gb((long) (least * GB))));
        }
        // A checkout may be about to replace the project in the workspace.
        if (!state.config.isEmpty() && !parameters.source().isRepository()) {
            appId(state.config, parameters.program());
        }
        return found;
    }

    private static boolean isTooOld(String node) {
        Matcher major = MAJOR.matcher(node);
        return major.lookingAt() && Integer.parseInt(major.group(1)) < OLDEST_NODE;
    }

    private static void appId(String config, MiniProgram program) throws AbortException {
        try {
            String configured = Json.MAPPER
                    .readTree(config.replace("\uFEFF", ""))
                    .path("appid")
                    .asText("")
                    .trim();
            if (configured.matches("wx[0-9a-f]{16}") && !configured.equals(program.appId())) {
                throw new AbortException(Messages.BuildPlan_otherAppId(
                        program.appId(), configured, BuildPlan.join(program.projectPath(), "project.config.json")));
            }
        } catch (JsonProcessingException e) {
            // The build may yet write it; what is there afterwards is checked then.
            return;
        }
    }

    private static String shown(Object version) {
        return "".equals(version) ? "-" : String.valueOf(version);
    }

    private static String gb(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / (double) GB);
    }

    private record State(long free, String config) implements Serializable {
        State {
            AgentAnswer.number("The free space", free, 0, Long.MAX_VALUE);
            AgentAnswer.text("The project.config.json", config, Look.LONGEST);
        }
    }

    /** Looks at the workspace on the agent. */
    private static final class Look extends MasterToSlaveFileCallable<State> {
        private static final long serialVersionUID = 1L;
        private static final int LONGEST = 256 * 1024;
        private final String project;

        private Look(String project) {
            this.project = project;
        }

        @Override
        public State invoke(File workspace, VirtualChannel channel) throws IOException {
            long free = Files.getFileStore(workspace.toPath()).getUsableSpace();
            Path root = workspace.toPath().toRealPath();
            Path config = root.resolve(project).resolve("project.config.json");
            if (!Files.isRegularFile(config) || !config.toRealPath().startsWith(root)) {
                return new State(free, "");
            }
            try (InputStream in = Files.newInputStream(config)) {
                return new State(free, new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8));
            }
        }
    }
}
