package io.jenkins.plugins.minibuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.model.Failure;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.TaskListener;
import io.jenkins.plugins.minibuild.limits.LimitsConfiguration;
import io.jenkins.plugins.minibuild.limits.retention.ArtifactRetentionProperty;
import io.jenkins.plugins.minibuild.limits.retention.RetentionPlan;
import io.jenkins.plugins.minibuild.limits.retention.RetentionWork;
import io.jenkins.plugins.minibuild.limits.retry.RetryAction;
import io.jenkins.plugins.minibuild.limits.retry.RetryItemAction;
import io.jenkins.plugins.minibuild.process.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.FailureBuilder;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** Limits and retries on a real Jenkins, over a restart. */
class LimitsRestartTest {
    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    private static RetryAction retry(FreeStyleProject job, int number) {
        return job.getBuildByNumber(number).getActions(RetryAction.class).get(0);
    }

    private static void ended(JenkinsRule jenkins, FreeStyleProject job, int number) throws Exception {
        jenkins.waitUntilNoActivity();
        jenkins.assertBuildStatus(Result.FAILURE, job.getBuildByNumber(number));
    }

    @Test
    void retriesAreCountedForTheOriginalBuildOverARestartAndTwoClicksGiveOne() throws Throwable {
        sessions.then(jenkins -> {
            FreeStyleProject job = jenkins.createFreeStyleProject("failing");
            job.getBuildersList().add(new FailureBuilder());
            jenkins.buildAndAssertStatus(Result.FAILURE, job);

            // Another start waits: the retry of the old commit must not become part of it.
            job.scheduleBuild2(600);
            retry(job, 1).doRetry();
            for (var item : jenkins.jenkins.getQueue().getItems()) {
                if (item.getAction(RetryItemAction.class) == null) {
                    jenkins.jenkins.getQueue().cancel(item);
                }
            }
            ended(jenkins, job, 2);

            CompletableFuture.allOf(IntStream.range(0, 4)
                            .mapToObj(i -> CompletableFuture.runAsync(
                                    () -> retry(job, 1).doRetry()))
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
            ended(jenkins, job, 3);
            assertThat(job.getLastBuild().getNumber()).isEqualTo(3);
        });
        sessions.then(jenkins -> {
            FreeStyleProject job = jenkins.jenkins.getItemByFullName("failing", FreeStyleProject.class);
            assertThat(retry(job, 1).getAttempt()).isEqualTo(3);
            retry(job, 2).doRetry();
            ended(jenkins, job, 4);
            for (int build = 1; build <= 4; build++) {
                RetryAction link = retry(job, build);
                assertThatThrownBy(link::doRetry)
                        .isInstanceOf(Failure.class)
                        .hasMessageContaining("Build #1 and its retries were retried 3 times");
            }
        });
    }

    private static WorkflowRun build(JenkinsRule jenkins, String pipeline) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(pipeline, true));
        return jenkins.waitForCompletion(job.scheduleBuild2(0).waitForStart());
    }

    @Test
    void limitsOfABlockAndOfItsBuild() throws Throwable {
        sessions.then(jenkins -> {
            LimitsConfiguration.get().setMaxTimeoutMinutes(45);
            WorkflowRun refused = build(jenkins, "miniBuildLimits(timeoutMinutes: 60) { echo 'in' }");
            jenkins.assertBuildStatus(Result.FAILURE, refused);
            jenkins.assertLogContains("the ceiling of 45 minutes, set as maxTimeoutMinutes", refused);

            // Jenkins may be nice itself.
            WorkflowRun nice = build(jenkins, """
                    node { sh 'nice >before' }
                    miniBuildLimits(nice: 3) { node { sh 'echo nicer by $(( $(nice) - $(cat before) ))' } }
                    """);
            jenkins.assertBuildStatusSuccess(nice);
            jenkins.assertLogContains("nicer by 3", nice);

            WorkflowRun talkative = build(jenkins, """
                    node {
                      miniBuildLimits(logMegabytes: 0.05) { echo 'within' }
                      sh 'seq 1 200000'
                      echo 'behind'
                    }
                    """);
            jenkins.assertBuildStatusSuccess(talkative);
            String log = JenkinsRule.getLog(talkative);
            assertThat(log)
                    .contains("within", "has reached logMegabytes = 0.05", "were dropped here", "200000\n", "behind");
            assertThat(log.length()).isLessThan(100_000);
        });
    }

    @Test
    void artifactsOfAJobGoByItsRule() throws Throwable {
        sessions.then(jenkins -> {
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, "archiving");
            ArtifactRetentionProperty rule = new ArtifactRetentionProperty();
            rule.setArtifactGigabytes(0.000_001);
            job.addProperty(rule);
            job.setDefinition(new CpsFlowDefinition(
                    "node { writeFile file: 'big.txt', text: 'x' * 900; archiveArtifacts 'big.txt' }", true));
            WorkflowRun first = jenkins.buildAndAssertSuccess(job);
            WorkflowRun second = jenkins.buildAndAssertSuccess(job);
            List<RetentionPlan.Deletion> plan = RetentionWork.get().plan(TaskListener.NULL);
            assertThat(plan)
                    .extracting(RetentionPlan.Deletion::reason)
                    .singleElement()
                    .asString()
                    .contains("the artifacts of archiving are larger");
            RetentionWork.get().doRun();
            Deadline deadline = Deadline.after(Duration.ofMinutes(1));
            while (!first.getArtifacts().isEmpty() && !deadline.expired()) {
                Thread.sleep(100);
            }
            assertThat(first.getArtifacts()).isEmpty();
            assertThat(second.getArtifacts()).hasSize(1);
        });
    }
}
