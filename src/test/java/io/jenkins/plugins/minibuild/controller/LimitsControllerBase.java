package io.jenkins.plugins.minibuild.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.process.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of the limits on a real controller share. */
abstract class LimitsControllerBase {
    @TempDir
    static Path root;

    static RealController controller;

    static String freestyle(String parameters, String script) {
        return """
                <project>
                  <builders><hudson.tasks.Shell><command>%s</command></hudson.tasks.Shell></builders>
                  <buildWrappers>
                    <io.jenkins.plugins.minibuild.limits.MiniBuildLimitsWrapper>
                      <step>%s</step>
                    </io.jenkins.plugins.minibuild.limits.MiniBuildLimitsWrapper>
                  </buildWrappers>
                </project>
                """.formatted(RealController.escapeXml(script), parameters);
    }

    static void schedule(String job, int times) throws Exception {
        script("def j = jenkins.model.Jenkins.get().getItemByFullName('" + job + "'); " + times
                + ".times { j.scheduleBuild2(0, new hudson.model.ParametersAction([new hudson.model.StringParameterValue('n',"
                + " java.util.UUID.randomUUID().toString())])) }");
    }

    /** A test that failed leaves neither builds nor pools to the next one. */
    @AfterEach
    void leaveNothing() throws Exception {
        script("jenkins.model.Jenkins.get().queue.clear();"
                + " io.jenkins.plugins.minibuild.limits.LimitsConfiguration.get().setPools([])");
        Deadline deadline = Deadline.after(Duration.ofSeconds(30));
        while (end("doStop") > 0) {
            if (deadline.expired()) {
                end("doKill");
                break;
            }
            Thread.sleep(500);
        }
    }

    /** Ends what is built, a Pipeline by the given method; answers how many builds that were. */
    private static int end(String method) throws Exception {
        return Integer.parseInt(
                script("def runs = jenkins.model.Jenkins.get().getAllItems(hudson.model.Job).collectMany {"
                                + " it.builds.findAll { b -> b.building } };"
                                + " runs.each { it.respondsTo('" + method + "') ? it." + method
                                + "() : it.executor?.interrupt() };"
                                + " print runs.size()")
                        .strip());
    }

    /**
     * The least number of threads in fifteen seconds, without those of the web server, of timers and of the JVM: their
     * pools grow with the test's own requests and let threads go only after a minute.
     */
    static int settledThreads() throws Exception {
        int least = threads();
        for (int i = 0; i < 14; i++) {
            Thread.sleep(1_000);
            least = Math.min(least, threads());
        }
        return least;
    }

    private static int threads() throws Exception {
        return Integer.parseInt(script("print Thread.getAllStackTraces().keySet().findAll {"
                        + " !(it.name ==~ /(Jetty|qtp|Handling|HttpClient|Timer|jenkins\\.util\\.Timer|Common-Cleaner|Java2D|pool-.*Winstone).*/)"
                        + " }.size()")
                .strip());
    }

    static void awaitPool(int holding, int waiting) throws Exception {
        Deadline deadline = Deadline.after(Duration.ofMinutes(2));
        String last;
        do {
            Thread.sleep(100);
            last = script(
                            "import io.jenkins.plugins.minibuild.limits.*; def v = SlotsAdapter.get().pools().view('build');"
                                    + " print v.holdings().findAll { !it.called() }.size() + ' ' + v.waiting().size()")
                    .strip();
        } while (!last.equals(holding + " " + waiting) && !deadline.expired());
        assertThat(last).isEqualTo(holding + " " + waiting);
    }

    /** Who holds and who waits, in order. */
    static String pool(String name) throws Exception {
        return script("import io.jenkins.plugins.minibuild.limits.*; def v = SlotsAdapter.get().pools().view('" + name
                        + "'); print v.holdings()*.ticket()*.title().sort() + ' | ' + v.waiting()*.title()")
                .strip();
    }

    static String names(String pool) {
        return pool.replaceAll("\\s+", " ");
    }

    static String script(String groovy) throws Exception {
        return controller.script(groovy);
    }

    static List<String> running(String name) {
        return ProcessHandle.allProcesses()
                .map(LimitsControllerBase::nameOf)
                .filter(line -> line.startsWith(name))
                .toList();
    }

    /** Its command line; empty when it has ended meanwhile. */
    static String nameOf(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
        } catch (IOException e) {
            return "";
        }
    }

    static void awaitBuild(String job, int number) throws Exception {
        Deadline deadline = Deadline.after(Duration.ofMinutes(1));
        while (controller.get("job/" + job + "/" + number + "/api/json").statusCode() != 200 && !deadline.expired()) {
            Thread.sleep(200);
        }
    }
}
