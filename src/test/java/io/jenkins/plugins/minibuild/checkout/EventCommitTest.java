package io.jenkins.plugins.minibuild.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.step.Fact;
import io.jenkins.plugins.minibuild.step.SourceCommit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a build checks out that a push, tag or merge request has started. */
class EventCommitTest extends CheckoutTestBase {
    private void startedBy(String ref, String commit) {
        build.about(new SourceCommit(List.of(url), ref, commit));
    }

    @Test
    void theBranchOfAProfileGivesWayToTheEvent() throws Exception {
        write("a.txt", "a");
        String pushed = commit("feature/y", "Pushed");
        commit("main", "Main went on");
        startedBy("refs/heads/feature/y", pushed);

        CommitInfo info = checkout(o -> o.standardBranch("main"));

        assertThat(info.commit()).isEqualTo(pushed);
        assertThat(info.branch()).isEqualTo("feature/y");
        assertThat(build.record().facts())
                .containsEntry(Fact.COMMIT, pushed)
                .containsEntry(Fact.BRANCH, "feature/y")
                .containsEntry(GitCheckout.built(RepositoryUrl.parse(url)), pushed);
        assertThat(build.log()).contains("An event of feature/y started this build", "branch main");
    }

    @Test
    void withoutAnEventTheBranchOfAProfileIsBuilt() throws Exception {
        commit("feature/y", "Other");

        assertThat(checkout(o -> o.standardBranch("main")).commit()).isEqualTo(first);
    }

    @Test
    void aBranchThatTheStepNamesIsBuiltAndTheLogSaysThatTheEventIsNot() throws Exception {
        String pushed = commit("feature/y", "Pushed");
        startedBy("refs/heads/feature/y", pushed);

        assertThat(checkout(o -> o.branch("main")).commit()).isEqualTo(first);
        assertThat(build.log()).contains("An event of feature/y started this build. This step names main");
    }

    @Test
    void theEventsCommitIsBuiltOfTheBranchThatTheStepNamesToo() throws Exception {
        commit("main", "Newer than the event");
        startedBy("refs/heads/main", first);

        assertThat(checkout(o -> o.branch("main")).commit()).isEqualTo(first);
        assertThat(checkout(o -> o.branch("main").newest()).commit()).isNotEqualTo(first);
    }

    @Test
    void whenAnotherRepositoryStartedTheBuildTheLogSaysSo() throws Exception {
        build.about(new SourceCommit(List.of("https://gitee.com/acme/design.git"), "refs/heads/main", first));
        String newest = commit("main", "Newest");

        assertThat(checkout(o -> o.standardBranch("main")).commit()).isEqualTo(newest);
        assertThat(build.log()).contains("https://gitee.com/acme/design.git started this build", url);
    }

    @Test
    void theIdOfAnAnnotatedTagStandsForItsCommit() throws Exception {
        git(shop, "tag", "-a", "-m", "The tea list", "v1.2.0", first);
        String tag = git(shop, "rev-parse", "v1.2.0");
        commit("main", "Newer");
        startedBy("refs/tags/v1.2.0", tag);

        CommitInfo info = checkout(o -> o.standardBranch("main"));

        assertThat(tag).isNotEqualTo(first);
        assertThat(info.commit()).isEqualTo(first);
        assertThat(info.branch()).isEqualTo("v1.2.0");
        assertThat(git(workspace(), "rev-parse", "HEAD")).isEqualTo(first);
        assertThat(build.record().facts())
                .containsEntry(Fact.COMMIT, first)
                .containsEntry(GitCheckout.peeled(tag), first);
        assertThat(checkout(o -> o.commit(tag)).commit())
                .as("from a warm mirror")
                .isEqualTo(first);
    }

    @Test
    void anAnnotatedTagOfATagIsPeeledToTheCommit() throws Exception {
        git(shop, "tag", "-a", "-m", "inner", "inner", first);
        git(shop, "tag", "-a", "-m", "outer", "outer", "inner");

        String outer = git(shop, "rev-parse", "outer");
        assertThat(checkout(o -> o.commit(outer)).commit()).isEqualTo(first);
        assertThat(checkout(o -> o.branch("outer")).commit()).isEqualTo(first);
    }

    @Test
    void aTagOutsideOfAllBranchesIsFoundWhereTheServerGivesOutTipsOnly() throws Exception {
        String loose = commit("gone", "On no branch");
        commit("gone", "Its child");
        git(shop, "tag", "-a", "-m", "r", "release", "gone");
        git(shop, "branch", "-D", "gone");
        gitee.oldProtocol(true);
        startedBy("refs/tags/release", loose);

        assertThat(checkout().commit()).isEqualTo(loose);
    }

    @Test
    void anIdOfSomethingElseIsRefusedByName() throws Exception {
        for (String kind : new String[] {"tree", "blob"}) {
            String id = git(shop, "rev-parse", kind.equals("tree") ? "main^{tree}" : "main:app.json");
            refused(o -> o.commit(id)).hasMessageContaining(id).hasMessageContaining("is a " + kind + ", not a commit");
        }
    }
}
