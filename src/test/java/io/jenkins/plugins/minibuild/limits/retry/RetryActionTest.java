package io.jenkins.plugins.minibuild.limits.retry;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.ParameterValue;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryActionTest {
    private static ParameterValue value(String name, boolean secret) {
        return new ParameterValue(name) {
            private static final long serialVersionUID = 1L;

            @Override
            public boolean isSensitive() {
                return secret;
            }
        };
    }

    @Test
    void secretParametersAreUsedAgainByWhoGaveThemOnly() {
        List<ParameterValue> values = List.of(value("branch", false), value("token", true), value("password", true));
        assertThat(RetryAction.secretsOfOthers(values, "ann", "ann")).isEmpty();
        assertThat(RetryAction.secretsOfOthers(values, "ann", "bob")).containsExactly("token", "password");
        assertThat(RetryAction.secretsOfOthers(values, null, "bob")).containsExactly("token", "password");
        assertThat(RetryAction.secretsOfOthers(values.subList(0, 1), null, "bob"))
                .isEmpty();
    }
}
