package io.jenkins.plugins.minibuild.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Item;
import hudson.security.Permission;
import io.jenkins.plugins.minibuild.access.PermissionsAdapter;
import io.jenkins.plugins.minibuild.access.ReadBuild;
import io.jenkins.plugins.minibuild.access.Visit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who sees what an analysis says about a repository. */
class RepositoryProfileCodeTest {
    private static final String CODE = "secretFormula";

    @TempDir
    Path build;

    private Set<String> told(Permission... allowed) throws Exception {
        RepositoryProfileAction action = new RepositoryProfileAction(new RepositoryAnalysis.Result(
                RepositoryProfile.parse(RepositoryProfileTest.WHOLE.replace("mvn verify", "mvn " + CODE)),
                "c0".repeat(20),
                false,
                0.5,
                3,
                Duration.ofSeconds(1),
                "profile.json"));
        action.onAttached(ReadBuild.of(build, allowed));
        return Visit.whoTells(action, CODE);
    }

    @Test
    void whoMayOnlyReadTheJobSeesNothingOfTheRepository() throws Exception {
        assertThat(told(Item.READ)).isEmpty();
    }

    @Test
    void whoMayViewCodeSeesIt() throws Exception {
        assertThat(told(Item.READ, PermissionsAdapter.VIEW_CODE)).contains("RepositoryProfileAction.getCommands");
    }
}
