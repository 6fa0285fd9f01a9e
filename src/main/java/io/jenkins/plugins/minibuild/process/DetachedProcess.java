package io.jenkins.plugins.minibuild.process;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process on a Unix agent that outlives the agent: in a session of its own, no pipe to the agent, its input empty. Who starts it has to see to it that it ends.
 * Used on agents only.
 */
@OnAgent
public final class DetachedProcess {
    private DetachedProcess() {}

    /**
     * Starts one, in the folder of its files.
     *
     * @param command its words; the program is found on the agent's PATH
     * @param overrides variables as Jenkins gives them: an empty value removes, {@code PATH+X} prepends
     * @param own variables that are set literally
     * @param folder its current folder; what it prints goes to the file {@code runner.log} there
     * @throws IOException if it cannot be started; the message holds no value of a variable
     */
    public static void start(List<String> command, Map<String, String> overrides, Map<String, String> own, Path folder)
            throws IOException {
        EnvVars environment = new EnvVars(System.getenv()).overrideAll(overrides);
        List<String> line = new ArrayList<>();
        String path = environment.getOrDefault("PATH", "/usr/bin:/bin");
        for (String session : List.of("setsid", "nohup")) {
            if (find(session, path)) {
                line.add(session);
                break;
            }
        }
        line.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().putAll(own);
        File log = folder.resolve("runner.log").toFile();
        builder.directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }

    private static boolean find(String program, String path) {
        return Stream.of(path.split(":"))
                .anyMatch(each -> !each.isEmpty() && Files.isExecutable(Path.of(each, program)));
    }

    /**
     * Removes the containers that carry a label, whatever their state. What cannot be removed is left.
     *
     * @param engine the engine's command
     * @return what failed, for people; null for nothing
     */
    @CheckForNull
    public static String removeContainers(String engine, String label) {
        try {
            List<String> names = output(List.of(engine, "ps", "--all", "--quiet", "--filter", "label=" + label));
            if (!names.isEmpty()) {
                List<String> removal = new ArrayList<>(List.of(engine, "rm", "--force"));
                removal.addAll(names);
                output(removal);
            }
            return null;
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static List<String> output(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        // A daemon that hangs must not hold the thread.
        Thread guard = new Thread(() -> {
            try {
                if (!process.waitFor(30, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
            }
        });
        guard.setDaemon(true);
        guard.start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            return out.lines().filter(each -> each.matches("[0-9a-f]{6,64}")).toList();
        }
    }
}
