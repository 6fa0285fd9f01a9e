package io.jenkins.plugins.minibuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.yaml.YamlSource;
import io.jenkins.plugins.minibuild.forge.ForgeConfiguration;
import io.jenkins.plugins.minibuild.forge.ForgesConfiguration;
import io.jenkins.plugins.minibuild.miniprogram.profile.MiniProgramsConfiguration;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProfileConfiguration;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The plugin's global settings as code: what is loaded is stored, and what is exported can be loaded again. */
@WithJenkins
class ConfigurationAsCodeTest {
    private static final List<String> OURS = List.of(
            "miniBuildClaude",
            "miniBuildForges",
            "miniBuildLanguage",
            "miniBuildLimits",
            "miniBuildNotify",
            "miniBuildPolicies",
            "miniBuildWebhooks",
            "miniPrograms");

    private static void load(String yaml) throws Exception {
        ConfigurationAsCode.get()
                .configureWith(YamlSource.of(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))));
    }

    private static String file(String name) throws Exception {
        try (InputStream in = ConfigurationAsCodeTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The plugin's sections of a document, by their names. */
    private static Map<String, Object> sections(String yaml) {
        Map<String, Map<String, Object>> all = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        Map<String, Object> ours = new TreeMap<>(all.get("unclassified"));
        ours.keySet().retainAll(OURS);
        return ours;
    }

    private static String exported() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void nothingIsSetByDefault(JenkinsRule jenkins) throws Exception {
        assertThat(sections(exported())).isEqualTo(sections(file("casc/default.yaml")));
    }

    @Test
    void whatIsLoadedIsExportedAndLoadsAgain(JenkinsRule jenkins) throws Exception {
        load(file("casc/full.yaml"));
        String first = exported();
        assertThat(sections(first)).isEqualTo(sections(file("casc/full-exported.yaml")));

        load(first);
        assertThat(sections(exported())).isEqualTo(sections(first));
    }

    @Test
    void emptyListsTakeAwayWhatWasThere(JenkinsRule jenkins) throws Exception {
        load(file("casc/full.yaml"));
        load(file("casc/empty.yaml"));
        assertThat(MiniProgramsConfiguration.get().getProfiles()).isEmpty();
        assertThat(jenkins.jenkins
                        .getDescriptorByType(ForgesConfiguration.class)
                        .getForges())
                .isEmpty();
    }

    @Test
    void theConfigurationKeepsWhatItHasWhenNewProfilesAreRefused(JenkinsRule jenkins) {
        MiniProgramsConfiguration configuration = MiniProgramsConfiguration.get();
        configuration.setProfiles(List.of(shop()));
        ProfileConfiguration broken = shop();
        broken.setVersion("x");

        assertThatThrownBy(() -> configuration.setProfiles(List.of(broken))).hasMessageContaining("\"shop\"");
        assertThatThrownBy(() -> configuration.setProfiles(List.of(shop(), shop())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(configuration.getProfiles()).hasSize(1);
        assertThatThrownBy(() -> configuration.setFreeDiskGb(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(configuration.getFreeDiskGb()).isEqualTo(2.0);
        configuration.setProfiles(null);
        assertThat(configuration.getProfiles()).isEmpty();
    }

    private static ProfileConfiguration shop() {
        ProfileConfiguration shop = new ProfileConfiguration("shop", "wx0123456789abcdef");
        shop.setPrivateKeyCredentialsId("miniprogram-key");
        return shop;
    }

    @Test
    void twoServicesAtOneAddressAndPlainAddressesAreRefused(JenkinsRule jenkins) {
        ForgesConfiguration configuration = jenkins.jenkins.getDescriptorByType(ForgesConfiguration.class);
        ForgeConfiguration ours = new ForgeConfiguration("ours", "gitee", "https://git.example.com", null, false);
        ForgeConfiguration same = new ForgeConfiguration("other", "gitlab", "https://GIT.example.com:443", null, false);

        configuration.setForges(List.of(ours));
        assertThatThrownBy(() -> configuration.setForges(List.of(ours, same)))
                .hasMessageContaining("https://git.example.com");
        assertThatThrownBy(() -> configuration.setFeishuAddress("http://open.feishu.example.com"))
                .hasMessageContaining("not encrypted");
        configuration.setFeishuAddress("http://127.0.0.1:8080");

        assertThat(configuration.getForges()).containsExactly(ours);
        configuration.setForges(null);
        configuration.setFeishuAddress("");
        assertThat(configuration.getForges()).isEmpty();
        assertThat(configuration.getFeishuAddress()).isNull();
    }
}
