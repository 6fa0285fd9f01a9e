package io.jenkins.plugins.minibuild.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookTargetsAdapterTest {

    /** As a config.xml that was written by hand makes it: the setters refuse such a pattern. */
    private static WebhookTrigger written(String field, String pattern) throws ReflectiveOperationException {
        WebhookTrigger trigger = new WebhookTrigger();
        Field stored = WebhookTrigger.class.getDeclaredField(field);
        stored.setAccessible(true);
        stored.set(trigger, pattern);
        return trigger;
    }

    @ParameterizedTest
    @ValueSource(strings = {"branches", "excludedBranches", "tags", "paths", "excludedPaths", "authors", "labels"})
    void aPatternThatIsNoneRefusesTheDeliveriesOfItsJobOnlyAndSaysWhy(String field) throws Exception {
        Target target = WebhookTargetsAdapter.target("shop", written(field, "regex:("), null, true);

        Decision decision =
                target.decide(Delivery.of(new Delivery.Event(Provider.GITEE, EventKind.PUSH, "Push Hook", "1")));
        assertThat(decision.reason()).isEqualTo(Reason.BAD_PATTERN);
        assertThat(decision.text()).contains("regex:(");
    }

    @Test
    void aJobWithoutATriggerAndADisabledOneAreDecidedAsBefore() {
        assertThat(WebhookTargetsAdapter.target("shop", null, null, true).refusal())
                .isNull();
        assertThat(WebhookTargetsAdapter.target("shop", null, null, false)
                        .refusal()
                        .reason())
                .isEqualTo(Reason.NOT_BUILDABLE);
    }
}
