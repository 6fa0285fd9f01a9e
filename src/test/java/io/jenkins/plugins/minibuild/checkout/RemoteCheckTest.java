package io.jenkins.plugins.minibuild.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import hudson.AbortException;
import hudson.util.FormValidation;
import io.jenkins.plugins.minibuild.standin.Eavesdropper;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RemoteCheckTest extends CheckoutTestBase {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void aKnownServiceIsAsked() throws Exception {
        assertThat(RemoteCheck.branch(build, url, "main", null, PATIENCE)).isEqualTo("main");
    }

    @Test
    void theTestOfTheFormAsksForTheBranchToo() throws Exception {
        git(shop, "tag", "-a", "-m", "v", "v1.0", first);
        for (String good : new String[] {"main", "v1.0", "refs/tags/v1.0"}) {
            assertThat(test(good).kind).as(good).isEqualTo(FormValidation.Kind.OK);
        }
        assertThat(test("v1.0").getMessage()).contains("acme/shop", "has v1.0");
        assertThat(test(null).getMessage()).contains("default branch is main");
        assertThat(test("$BRANCH").kind).as("known when the build runs").isEqualTo(FormValidation.Kind.OK);
        assertThat(catchThrowable(() -> test("mian")))
                .hasMessageContaining("no branch or tag \"mian\"")
                .hasMessageContaining("main");
    }

    private FormValidation test(String branch) throws Exception {
        RepositoryUrl address = RepositoryUrl.parse(url);
        return GiteeCheckoutStep.DescriptorImpl.tested(build, ForgeAccess.forge(build, address), address, branch, null);
    }

    @Test
    void theControllerCallsNoServerThatNobodyHasConfigured() throws Exception {
        try (Eavesdropper evil = Eavesdropper.start()) {
            for (String each : new String[] {
                evil.address() + "/a/b.git", "ssh://git@127.0.0.1:1/a/b.git", "git@evil.example:a/b.git"
            }) {
                Throwable refusal = catchThrowable(() -> RemoteCheck.branch(
                        LocalBuild.in(temp.resolve("other")), each, "main", token("t", TOKEN), PATIENCE));
                assertThat(evil.heard()).isEmpty();
                assertThat(refusal).as(each).isInstanceOf(AbortException.class).hasMessageContaining("not known");
            }
        }
    }
}
