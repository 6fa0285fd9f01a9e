package io.jenkins.plugins.minibuild.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import net.sf.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.kohsuke.stapler.StaplerRequest2;

class SectionConfigurationTest {

    private static final class Section extends SectionConfiguration {
        Section() {
            super("rows", "others");
        }
    }

    @Test
    void listThatTheFormLeavesOutIsBoundAsAnEmptyOne() throws Exception {
        StaplerRequest2 request = (StaplerRequest2) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {StaplerRequest2.class},
                (proxy, method, arguments) -> null);
        JSONObject form = JSONObject.fromObject("{\"rows\": [{\"name\": \"a\"}], \"number\": 3}");

        assertThat(new Section().configure(request, form)).isTrue();

        assertThat(form.getJSONArray("rows").size()).isEqualTo(1);
        assertThat(form.getJSONArray("others").isEmpty()).isTrue();
        assertThat(form.size()).isEqualTo(3);
    }
}
