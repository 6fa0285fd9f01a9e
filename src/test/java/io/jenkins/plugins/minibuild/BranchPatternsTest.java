package io.jenkins.plugins.minibuild;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.minibuild.codegen.ClaudeCodegenStep;
import io.jenkins.plugins.minibuild.miniprogram.profile.Robots;
import io.jenkins.plugins.minibuild.notify.MiniBuildNotifyStep;
import io.jenkins.plugins.minibuild.webhook.WebhookTrigger;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Patterns of branches are refused where they are set if a space shows that a comma was forgotten: such a pattern protects, starts and tells nothing. */
class BranchPatternsTest {
    private static final Map<String, Consumer<String>> FIELDS = Map.of(
            "trigger, branches", new WebhookTrigger()::setBranches,
            "trigger, excludedBranches", new WebhookTrigger()::setExcludedBranches,
            "trigger, tags", new WebhookTrigger()::setTags,
            "codegen, protectedBranches", new ClaudeCodegenStep(null)::setProtectedBranches,
            "notify, branches", new MiniBuildNotifyStep()::setBranches,
            "robots", value -> new Robots(1, value + "=7"));

    @Test
    void aSpaceInThemIsRefusedWithTheRemedy() {
        FIELDS.forEach((name, set) -> {
            for (String bad : new String[] {"main release/*", "main develop"}) {
                assertThatThrownBy(() -> set.accept(bad))
                        .as(name)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("has a space in it")
                        .hasMessageContaining("commas");
            }
        });
    }

    @Test
    void separatedByCommasTheyAreTaken() {
        FIELDS.forEach((name, set) -> {
            if (!name.equals("robots")) {
                assertThatCode(() -> set.accept("main, release/*\n feature/**"))
                        .as(name)
                        .doesNotThrowAnyException();
            }
        });
        assertThatCode(() -> new Robots(1, "main=2, release/*=3\nfeature/*=4")).doesNotThrowAnyException();
    }
}
