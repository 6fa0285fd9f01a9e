package io.jenkins.plugins.minibuild.bench;

import io.jenkins.plugins.minibuild.controller.RealController;
import io.jenkins.plugins.minibuild.limits.LimitsProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Times a waiter's start from the moment a slot is free, in the pool alone and as bodies of Pipelines on a real controller,
 * and what sampling the memory of 200 processes costs.
 */
public final class LimitsBenchmark {
    private static final double MOST_MILLIS = 50;
    private static final double MOST_SHARE = 0.01;
    /** Builds that wait together; the first lot warms up. */
    private static final int LOT = 20;

    private static final int LOTS = 5;

    /**
     * A ticket of high priority holds the one slot while ever more builds wait; it gives it back, the first of them starts, and
     * the ticket asks again. What counts is the time until the first step in the body of the build begins, by the
     * controller's own record of it, which is in whole milliseconds.
     */
    private static final String ON_THE_CONTROLLER = """
            import hudson.model.*
            import io.jenkins.plugins.minibuild.limits.*
            import jenkins.model.Jenkins
            import org.jenkinsci.plugins.workflow.actions.TimingAction
            import org.jenkinsci.plugins.workflow.graph.FlowGraphWalker
            def slots = SlotsAdapter.get(), pools = slots.pools(), rounds = %d
            LimitsConfiguration.get().setPools([new SlotPoolConfiguration('build', 1)])
            def owner = Jenkins.get().getItemByFullName('owner').getBuildByNumber(1)
            def draw = { new Ticket(SlotsAdapter.newId(), new Ticket.Owner(SlotsAdapter.ownerOf(owner), 'bench', ''), Priority.HIGH, pools.nextSequence(), 0, false) }
            def until = { what -> def end = System.currentTimeMillis() + 60000
              while (!what()) { if (System.currentTimeMillis() > end) throw new IllegalStateException('too long'); Thread.sleep(5) } }
            def held = draw()
            pools.request('build', held, null)
            def job = Jenkins.get().getItemByFullName('waiter')
            rounds.times { job.scheduleBuild2(0, new ParametersAction([new StringParameterValue('n', '' + it)])) }
            until { pools.view('build').waiting().size() == rounds }
            def starts = []
            rounds.times {
              def next = pools.view('build').waiting()[0].owner()
              def again = draw()
              def free = System.currentTimeMillis()
              pools.release(held.id())
              pools.request('build', again, null)
              def run = Run.fromExternalizableId(next)
              until { pools.standing('build', again.id()).name() == 'HOLDING' && !run.isBuilding() }
              held = again
              def begun = null
              for (node in new FlowGraphWalker(run.execution)) { if (node.displayFunctionName == 'echo') begun = TimingAction.getStartTime(node) }
              starts << begun - free
            }
            pools.release(held.id())
            print 'MILLIS ' + starts.join(' ')
            """;

    private LimitsBenchmark() {}

    /** Prints all; exits with 1 when one is too much. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        double pool = LimitsProbe.medianStartMillis(200);
        System.out.printf(
                Locale.ROOT,
                "free slot to start, in the pool, median of 200: %.3f ms (at most %.0f)%n",
                pool,
                MOST_MILLIS);
        double body = bodyOnAController();
        double share = LimitsProbe.samplingShare(200, 20);
        System.out.printf(
                Locale.ROOT,
                "sampling 200 processes every second: %.2f %% of one core (at most %.0f %%)%n",
                share * 100,
                MOST_SHARE * 100);
        System.exit(pool < MOST_MILLIS && body < MOST_MILLIS && share < MOST_SHARE ? 0 : 1);
    }

    /** The median in milliseconds; 0 when there is no controller. */
    private static double bodyOnAController() throws IOException, InterruptedException {
        if (!isControllerThere("free slot to start, on a controller")) {
            return 0;
        }
        Path root = Files.createTempDirectory("limits-benchmark");
        try (RealController controller = RealController.start(root, "-XX:+TieredCompilation")) {
            controller.createPipeline("owner", "sleep 3600");
            controller.createPipeline("waiter", "miniBuildLimits { echo 'in' }");
            controller.start("owner");
            List<Double> all = new ArrayList<>();
            for (int lot = 0; lot < LOTS; lot++) {
                String answer = controller.script(ON_THE_CONTROLLER.formatted(LOT));
                if (!answer.startsWith("MILLIS ")) {
                    throw new IOException("The controller answered: " + answer);
                }
                if (lot > 0) {
                    Arrays.stream(answer.strip().split(" "))
                            .skip(1)
                            .map(Double::valueOf)
                            .forEach(all::add);
                }
            }
            double[] millis = all.stream().mapToDouble(d -> d).sorted().toArray();
            double median = millis[millis.length / 2];
            System.out.printf(
                    Locale.ROOT,
                    "free slot to the first step of a Pipeline's body, on a controller, median of %d: %.0f ms"
                            + " (at most %.0f; 95 %% within %.0f ms)%n",
                    millis.length,
                    median,
                    MOST_MILLIS,
                    millis[(int) (millis.length * 0.95)]);
            return median;
        } finally {
            new hudson.FilePath(root.toFile()).deleteRecursive();
        }
    }

    /**
     * Finds the controller for {@link RealController#start(Path)}.
     *
     * @param what is skipped without one, for the message
     */
    static boolean isControllerThere(String what) {
        Path standard = Path.of(System.getProperty("user.home"), ".mini-build", "controller");
        locate("jenkins.war", standard.resolve("jenkins.war"));
        locate("jenkins.plugins", standard.resolve("plugins"));
        locate("minibuild.hpi", Path.of("target", "mini-build.hpi"));
        for (String needed : new String[] {"jenkins.war", "jenkins.plugins", "minibuild.hpi"}) {
            if (!Files.exists(Path.of(System.getProperty(needed)))) {
                System.out.println(what + ": skipped, there is no " + System.getProperty(needed) + " (give -D" + needed
                        + "=PATH)");
                return false;
            }
        }
        return true;
    }

    private static void locate(String property, Path standard) {
        if (System.getProperty(property, "").isEmpty()) {
            System.setProperty(property, standard.toString());
        }
    }
}
