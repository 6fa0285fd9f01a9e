package io.jenkins.plugins.minibuild.miniprogram;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProfileConfiguration;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The checks of the forms answer whatever a browser sends, in the plugin's own words. */
class FormChecksTest {

    /** These ask Jenkins for what is configured. */
    private static final Set<String> WITH_JENKINS =
            Set.of("doCheckJob", "doCheckPrivateKeyCredentialsId", "doCheckGitCredentialsId", "doCheckNotifyChannels");

    private static final Item JOB = (Item) Proxy.newProxyInstance(
            FormChecksTest.class.getClassLoader(),
            new Class<?>[] {Item.class},
            (proxy, method, arguments) -> method.getName().equals("hasPermission") ? true : null);

    static Stream<Object[]> checks() {
        return Stream.of(
                        new ProfileConfiguration.DescriptorImpl(),
                        new MiniprogramUploadStep.DescriptorImpl(),
                        new MiniprogramPreviewStep.DescriptorImpl())
                .flatMap(form -> Arrays.stream(form.getClass().getMethods())
                        .filter(method ->
                                method.getName().startsWith("doCheck") && !WITH_JENKINS.contains(method.getName()))
                        .map(method -> new Object[] {form, method}));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("checks")
    void noValueAndNonsenseGetAnAnswerInThePluginsOwnWords(Object form, Method check) throws Exception {
        for (String value : Arrays.asList(null, "", "many", "1e", "9".repeat(30), "../..")) {
            Object[] arguments = new Object[check.getParameterCount()];
            arguments[0] = JOB;
            arguments[1] = value;

            FormValidation answer = (FormValidation) check.invoke(form, arguments);

            assertThat(List.of(FormValidation.Kind.OK, FormValidation.Kind.ERROR, FormValidation.Kind.WARNING))
                    .contains(answer.kind);
            assertThat(String.valueOf(answer.getMessage()))
                    .doesNotContain("For input string")
                    .doesNotContain("Exception");
        }
    }
}
