package io.jenkins.plugins.minibuild;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** Steps that wait are still waiting after a restart, and go on from there. */
class RestartTest {
    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    private static WorkflowRun started(JenkinsRule jenkins, String name, String pipeline) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(pipeline, true));
        return job.scheduleBuild2(0).waitForStart();
    }

    private static WorkflowRun run(JenkinsRule jenkins, String name) {
        return jenkins.jenkins.getItemByFullName(name, WorkflowJob.class).getBuildByNumber(1);
    }

    /** The harness has a space in the path of its workspaces. */
    @TempDir
    private Path folder;

    @Test
    void aStepThatWaitsForItsSlotGetsItAfterARestart() throws Throwable {
        sessions.then(jenkins -> {
            WorkflowRun holder = started(jenkins, "holder", "miniBuildLimits(maxConcurrent: 1) { sleep 600 }");
            jenkins.waitForMessage("Sleeping", holder);
            WorkflowRun waiter =
                    started(jenkins, "waiter", "echo 'before'\nminiBuildLimits(maxConcurrent: 1) { echo 'inside' }");
            jenkins.waitForMessage("before", waiter);
        });
        sessions.then(jenkins -> {
            WorkflowRun waiter = run(jenkins, "waiter");
            assertThat(waiter.isBuilding()).isTrue();
            jenkins.assertLogNotContains("inside", waiter);
            run(jenkins, "holder").doStop();
            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run(jenkins, "holder")));
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(waiter));
            jenkins.assertLogContains("inside", waiter);
        });
    }

    @Test
    void aReviewThatNobodyHasAnsweredWaitsOnAfterARestart() throws Throwable {
        sessions.then(jenkins -> {
            WorkflowRun run = started(jenkins, "review", """
                    node {
                      sh '''git init -q -b main . && git config user.name x && git config user.email x@example.com
                         echo 1 > a && git add a && git commit -qm one && git checkout -qb feature
                         echo 2 > a && git commit -qam two && git clone -q --bare . REPOSITORY'''
                      humanReview base: 'main', head: 'feature', url: 'REPOSITORY'
                    }
                    echo 'answered'
                    """.replace(
                            "REPOSITORY", folder.resolve("review.git").toString()));
            // No user started the build and nobody knows its author: two have to approve.
            jenkins.waitForMessage("Waiting for 2 approvals", run);
        });
        sessions.then(jenkins -> {
            WorkflowRun run = run(jenkins, "review");
            assertThat(run.isBuilding()).isTrue();
            jenkins.assertLogNotContains("[Pipeline] echo", run);
            run.doStop();
            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        });
    }
}
