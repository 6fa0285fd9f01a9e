package io.jenkins.plugins.minibuild;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.scm.ChangeLogSet;
import io.jenkins.plugins.minibuild.checkout.GiteeCheckoutBuilder;
import io.jenkins.plugins.minibuild.checkout.GiteeCheckoutStep;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** The changes that {@code giteeCheckout} gives a build, as Jenkins' own pages show them. */
class CheckoutChangesTest {
    private static final String TEXT = "The &lt;b>tea&lt;/b> list";

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @TempDir
    Path folder;

    private Path repository;
    private Path files;

    private GiteeService start() throws Exception {
        GiteeService gitee = GiteeService.start(folder.resolve("gitee"));
        repository = gitee.createRepository("acme", "tea", false);
        files = Files.createDirectories(folder.resolve("files"));
        commit("app.json", "First pages");
        return gitee;
    }

    private String commit(String file, String message) throws Exception {
        Files.writeString(files.resolve(file), "{}");
        return GiteeService.commit(repository, files, "main", message);
    }

    private static String page(JenkinsRule jenkins, String url) throws Exception {
        return jenkins.createWebClient()
                .withJavaScriptEnabled(false)
                .goTo(url)
                .getWebResponse()
                .getContentAsString();
    }

    @Test
    void ofAPipelineAreItsChangeSetsAlsoAfterARestart() throws Throwable {
        try (GiteeService gitee = start()) {
            String[] second = new String[1];
            sessions.then(jenkins -> {
                WorkflowJob job = jenkins.createProject(WorkflowJob.class, "tea");
                job.setDefinition(new CpsFlowDefinition(
                        "node { giteeCheckout(url: '" + gitee.gitUrl("acme", "tea") + "') }\n"
                                + "echo \"sets ${currentBuild.changeSets.size()}\"",
                        true));
                WorkflowRun first = jenkins.buildAndAssertSuccess(job);
                assertThat(first.getChangeSets()).isEmpty();
                second[0] = commit("tea.js", "The <b>tea</b> list");
                WorkflowRun run = jenkins.buildAndAssertSuccess(job);
                jenkins.assertLogContains("sets 1", run);
            });
            sessions.then(jenkins -> {
                WorkflowRun run = jenkins.jenkins
                        .getItemByFullName("tea", WorkflowJob.class)
                        .getBuildByNumber(2);
                assertThat(run.getChangeSets()).hasSize(1);
                ChangeLogSet.Entry entry = run.getChangeSets().get(0).iterator().next();
                assertThat(entry.getCommitId()).isEqualTo(second[0]);
                assertThat(entry.getAffectedPaths()).containsExactly("tea.js");
                assertThat(entry.getAuthor().getFullName()).isEqualTo("Wang Li");
                assertThat(run.getCulpritIds()).containsExactly("Wang Li");
                assertThat(page(jenkins, "job/tea/2/changes"))
                        .contains(TEXT, "tea.js", "detail0", second[0].substring(0, 10), "Wang Li")
                        .doesNotContain("<b>tea</b>", "Failed to determine");
                assertThat(page(jenkins, "job/tea/2/"))
                        .contains(TEXT, "main", "by Wang Li")
                        .doesNotContain("<b>tea</b>");
                assertThat(page(jenkins, "job/tea/changes")).contains("tea&lt;/b", "2/changes#detail0");
                assertThat(page(jenkins, "job/tea/1/")).contains("First pages");
            });
        }
    }

    @Test
    void ofAFreestyleBuildAreInTheSummaryOfItsPage() throws Throwable {
        try (GiteeService gitee = start()) {
            sessions.then(jenkins -> {
                FreeStyleProject job = jenkins.createFreeStyleProject("free");
                job.getBuildersList().add(new GiteeCheckoutBuilder(new GiteeCheckoutStep(gitee.gitUrl("acme", "tea"))));
                jenkins.buildAndAssertSuccess(job);
                commit("tea.js", "The <b>tea</b> list");
                FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);
                assertThat(page(jenkins, build.getUrl()))
                        .contains("Changes since the previous build", TEXT, "by Wang Li")
                        .doesNotContain("<b>tea</b>");
            });
        }
    }
}
