package io.jenkins.plugins.minibuild.miniprogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.access.ApprovalsTest;
import io.jenkins.plugins.minibuild.access.PolicyConfiguration;
import io.jenkins.plugins.minibuild.access.PolicyFixture;
import io.jenkins.plugins.minibuild.access.ReviewLedger;
import io.jenkins.plugins.minibuild.access.UploadGateConfiguration;
import io.jenkins.plugins.minibuild.miniprogram.profile.KnownApp;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A policy holds uploads of commits that nobody has approved. */
class UploadGateTest {
    @TempDir
    private Path root;

    private Fixture fixture;
    private String commit;

    @BeforeEach
    void aCommitIsCheckedOut() throws Exception {
        fixture = new Fixture(root);
        GiteeService.git(fixture.workspace, "init", "-q", "-b", "release/2");
        GiteeService.git(fixture.workspace, "add", "-A");
        GiteeService.git(
                fixture.workspace, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "one");
        commit = GiteeService.output(fixture.workspace, "rev-parse", "HEAD").strip();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private void gate(String profiles, String branches) {
        PolicyConfiguration policy = new PolicyConfiguration();
        policy.setUploadGates(List.of(new UploadGateConfiguration(profiles, branches)));
        fixture.build.with(PolicyFixture.of("team", policy));
    }

    private void approve(String id) throws Exception {
        new ReviewLedger(fixture.build.jobFolder()).put(ApprovalsTest.review(1, id, "approved", "li"));
    }

    private void assertRefused(String why) {
        assertThatThrownBy(() -> fixture.upload().run(fixture.build))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("\"uploadGates\" of the folder team")
                .hasMessageContaining(why);
        assertThat(fixture.wechat.uploads()).isEmpty();
    }

    @Test
    void aCommitThatNobodyApprovedIsNotUploaded() {
        gate("*", "release/*");
        assertRefused(commit);
    }

    @Test
    void theApprovalOfAnotherCommitIsNone() throws Exception {
        gate("*", "release/*");
        approve("0123456789".repeat(4));
        assertRefused(commit);
    }

    @Test
    void anApprovedCommitIsUploaded() throws Exception {
        gate("*", "release/*");
        approve(commit);
        fixture.upload().run(fixture.build);
        assertThat(fixture.wechat.uploads()).hasSize(1);
        assertThat(fixture.build.log()).contains("People have approved the commit " + commit);
    }

    @Test
    void asManyHaveToApproveAsThePolicySays() throws Exception {
        gate("*", "release/*");
        PolicyConfiguration two = new PolicyConfiguration();
        two.setMinApprovals(2);
        fixture.build.with(PolicyFixture.of("team", two));
        approve(commit);
        assertThatThrownBy(() -> fixture.upload().run(fixture.build))
                .hasMessageContaining("\"minApprovals\" of the folder team says 2; 1 is refused");
        assertThat(fixture.wechat.uploads()).isEmpty();
    }

    @Test
    void filesThatWereChangedAfterTheApprovalAreNotUploaded() throws Exception {
        gate("*", "release/*");
        approve(commit);
        Files.writeString(fixture.workspace.resolve("miniprogram/app.js"), "App({stolen: true})");
        assertRefused("differ from the approved commit");
    }

    @Test
    void aBuildCannotTalkItselfOutOfTheGateByAnotherNameOfTheBranch() {
        gate("*", "release/*");
        fixture.build.env("BRANCH_NAME", "feature/harmless");
        assertRefused(commit);
    }

    @Test
    void aCommitWhoseBranchNobodyKnowsIsHeld() throws Exception {
        gate("*", "release/*");
        GiteeService.git(fixture.workspace, "checkout", "-q", "--detach");
        assertRefused(commit);
    }

    @Test
    void anUploadWithoutAProfileIsHeldByTheGateOfTheProfileOfItsAppId() {
        gate("shop", "**");
        fixture.build.with(new KnownApp("shop", Fixture.APP));
        assertRefused(commit);
    }

    @Test
    void otherProgramsBranchesAndPreviewsGoOn() throws Exception {
        gate("shop", "**");
        gate("*", "main");
        fixture.upload().run(fixture.build);
        fixture.preview().run(fixture.build);
        assertThat(fixture.wechat.uploads()).hasSize(2);
    }

    @Test
    void whatIsNoCheckoutIsHeld() throws Exception {
        gate("*", "release/*");
        fixture.build.workspace().child(".git").deleteRecursive();
        assertRefused("no git checkout");
    }
}
