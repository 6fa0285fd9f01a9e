package io.jenkins.plugins.minibuild.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.process.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

    /** The number of threads once it stays the same for a while: pools of threads let theirs go only after a minute. */
    static int settledThreads() throws Exception {
        int last = threads();
        int least = last;
        for (int i = 0; i < 14; i++) {
            Thread.sleep(1_000);
            last = threads();
            least = Math.min(least, last);
        }
        return least;
    }

    static int threads() throws Exception {
        return Integer.parseInt(script("print java.lang.management.ManagementFactory.threadMXBean.threadCount")
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
