package io.jenkins.plugins.minibuild.miniprogram.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.thoughtworks.xstream.XStream;
import com.thoughtworks.xstream.security.AnyTypePermission;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProfileTest {

    static ProfileConfiguration shop() {
        ProfileConfiguration shop = new ProfileConfiguration("shop", "wx0123456789abcdef");
        shop.setPrivateKeyCredentialsId("miniprogram-key");
        return shop;
    }

    @Test
    void aProfileHasTheDefaultsOfItsPage() {
        Profile profile = shop().toProfile();

        assertThat(profile.enabled()).isTrue();
        assertThat(profile.appType()).isEqualTo("uniapp");
        assertThat(profile.buildCommand()).isNull();
        assertThat(profile.outputPath()).isNull();
        assertThat(profile.install()).isTrue();
        assertThat(profile.npm()).isFalse();
        assertThat(profile.autoBuild()).isFalse();
        assertThat(profile.buildTimeout()).isEqualTo(30);
        assertThat(profile.version()).isEqualTo("1.0.0");
        assertThat(profile.automaticVersion()).isTrue();
        assertThat(profile.setting())
                .isEqualTo(Map.of(
                        "es6",
                        true,
                        "es7",
                        true,
                        "minifyJS",
                        true,
                        "minifyWXML",
                        true,
                        "minifyWXSS",
                        true,
                        "autoPrefixWXSS",
                        true,
                        "minify",
                        false,
                        "codeProtect",
                        false));
        assertThat(profile.robot()).isEqualTo(1);
        assertThat(profile.qrcodeSize()).isEqualTo(200);
        assertThat(profile.scene()).isEqualTo(1011);
        assertThat(profile.expire()).isEqualTo(30);
        assertThat(profile.budget()).isEqualTo(SizeLimits.NONE);
    }

    @Test
    void whatIsNotStoredHasItsDefault() {
        XStream xstream = new XStream();
        xstream.addPermission(AnyTypePermission.ANY);
        String type = ProfileConfiguration.class.getName();

        ProfileConfiguration loaded = (ProfileConfiguration) xstream.fromXML("<" + type
                + "><name>shop</name><appId>wx0123456789abcdef</appId>"
                + "<privateKeyCredentialsId>miniprogram-key</privateKeyCredentialsId></" + type + ">");

        assertThat(loaded.toProfile()).isEqualTo(shop().toProfile());
        // What has its default is not stored either.
        ProfileConfiguration set = shop();
        set.setEs6(true);
        set.setRobot(1);
        set.setAppType("uniapp");
        assertThat(xstream.toXML(set)).isEqualTo(xstream.toXML(shop()));
    }

    static Stream<Consumer<ProfileConfiguration>> broken() {
        return Stream.of(
                each -> each.setPrivateKeyCredentialsId(""),
                each -> each.setPrivateKeyCredentialsId("-----BEGIN RSA PRIVATE KEY-----"),
                each -> each.setAppType("taro"),
                each -> each.setGitUrl("ftp://example.org/x"),
                each -> {
                    each.setGitUrl("https://gitee.com/team/shop.git");
                    each.setBranch("a..b");
                },
                each -> each.setProjectPath("../other"),
                each -> each.setOutputPath("/etc"),
                each -> each.setBuildTimeout(0),
                each -> each.setVersion("1.0"),
                each -> each.setVersionType("date"),
                each -> each.setDesc("x".repeat(201)),
                each -> each.setRobot(31),
                each -> each.setRobotRules("main"),
                each -> each.setRobotRules("main=99"),
                each -> each.setQrcodeFormat("svg"),
                each -> each.setQrcodeSize(1),
                each -> each.setScene(1),
                each -> each.setExpire(0),
                each -> each.setMainBudget(-1),
                each -> each.setNotifyOn("sometimes"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void aBrokenValueIsRefusedWithAMessage(Consumer<ProfileConfiguration> change) {
        ProfileConfiguration shop = shop();
        change.accept(shop);

        assertThatThrownBy(shop::toProfile)
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .isNotBlank();
    }

    @Test
    void namesAndAppsDiffer() {
        assertThatThrownBy(() -> new ProfileConfiguration("s", "wx0123456789abcdef").toProfile())
                .hasMessageContaining("is not a name");
        assertThatThrownBy(() -> new ProfileConfiguration("x".repeat(51), "wx0123456789abcdef").toProfile())
                .hasMessageContaining("is not a name");
        ProfileConfiguration sameName = new ProfileConfiguration("shop", "wxfedcba9876543210");
        sameName.setPrivateKeyCredentialsId("k");
        ProfileConfiguration sameApp = new ProfileConfiguration("tea", "wx0123456789abcdef");
        sameApp.setPrivateKeyCredentialsId("k");
        Profile shop = shop().toProfile();

        assertThatThrownBy(() -> Profile.checkUnique(List.of(shop, sameName.toProfile())))
                .hasMessageContaining("\"shop\"");
        assertThatThrownBy(() -> Profile.checkUnique(List.of(shop, sameApp.toProfile())))
                .hasMessageContaining("wx0123456789abcdef");
    }

    @Test
    void theFirstRuleThatFitsTheBranchNamesTheRobot() {
        RobotRules rules = RobotRules.parse("main=2\nrelease/*=3\n*=4");

        assertThat(rules.robotOf("main", 1)).isEqualTo(2);
        assertThat(rules.robotOf("release/1.2", 1)).isEqualTo(3);
        assertThat(rules.robotOf("feature", 1)).isEqualTo(4);
        assertThat(rules.robotOf("", 1)).isEqualTo(1);
        assertThat(RobotRules.parse("m.in=2").robotOf("main", 1)).isEqualTo(1);
    }

    @Test
    void aDescriptionIsNotCutInsideACharacter() {
        assertThat(TaskParameters.cut("x".repeat(199) + "\uD83C\uDF75tea")).isEqualTo("x".repeat(199));
        assertThat(TaskParameters.cut("x".repeat(198) + "\uD83C\uDF75tea")).hasSize(200);
    }
}
