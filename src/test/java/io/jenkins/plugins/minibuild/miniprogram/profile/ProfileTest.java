package io.jenkins.plugins.minibuild.miniprogram.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.thoughtworks.xstream.XStream;
import com.thoughtworks.xstream.security.AnyTypePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileTest {

    static ProfileConfiguration shop() {
        ProfileConfiguration shop = new ProfileConfiguration("shop", "wx0123456789abcdef");
        shop.setPrivateKeyCredentialsId("miniprogram-key");
        return shop;
    }

    @Test
    void aProfileHasTheDefaultsOfItsPage() {
        Profile profile = shop().toProfile();

        assertThat(profile.app().enabled()).isTrue();
        assertThat(profile.build().appType()).isEqualTo("uniapp");
        assertThat(profile.build().buildCommand()).isNull();
        assertThat(profile.build().outputPath()).isNull();
        assertThat(profile.build().install()).isTrue();
        assertThat(profile.build().npm()).isFalse();
        assertThat(profile.app().repository().autoBuild()).isFalse();
        assertThat(profile.build().timeout()).isEqualTo(Duration.ofMinutes(30));
        assertThat(profile.versioning().version()).isEqualTo("1.0.0");
        assertThat(profile.versioning().isAutomatic()).isTrue();
        assertThat(profile.setting().flags())
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
        assertThat(profile.versioning().robots()).isEqualTo(new Robots(1, null));
        assertThat(profile.preview().qrcodeSize()).isEqualTo(200);
        assertThat(profile.preview().scene()).isEqualTo(1011);
        assertThat(profile.preview().expire()).isEqualTo(30);
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

    @ParameterizedTest
    @ValueSource(strings = {"我的小程序 (测试)", "商城（正式）", "shop [beta]", "Tea & Coffee", "a+b", "Café", "茶·杯"})
    void namesAreThoseThatPeopleGive(String name) {
        assertThat(App.checkName(" " + name + " ")).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a/b", "a,b", "(shop)", "a\tb", "a\nb", "a\\\\b", "a'b", "a$b", "<b>x</b>", "a%2fb", "\u202Eab"})
    void aNameIsNoPathListOrMarkup(String name) {
        assertThatThrownBy(() -> App.checkName(name)).hasMessageContaining("is not a name");
    }

    /** WeChat takes no parameters for the first page: the profile was saved, and every preview failed. What is stored already stops no upload. */
    @Test
    void parametersWithoutAPageAreRefusedWhenTheProfileIsSaved() {
        ProfileConfiguration shop = shop();
        shop.setSearchQuery("?id=7");
        assertThatThrownBy(shop::checked)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"shop\"")
                .hasMessageContaining("searchQuery needs pagePath")
                .hasNoCause();
        assertThat(shop.toProfile().app().name()).isEqualTo("shop");
        shop.setPagePath("pages/item");
        assertThat(shop.checked().preview().searchQuery()).isEqualTo("?id=7");
    }

    @ParameterizedTest
    @MethodSource("broken")
    void whatIsRefusedWhenItIsSavedNamesTheProfile(Consumer<ProfileConfiguration> change) {
        ProfileConfiguration shop = shop();
        change.accept(shop);
        assertThatThrownBy(shop::checked).hasMessageContaining("\"shop\"").hasNoCause();
    }

    /** What belongs to a profile, its webhook address for one, follows it to another name and ends with it. */
    @Test
    void aProfileIsKnownByItsIdWhateverItsName() {
        ProfileConfiguration shop = shop();
        ProfileConfiguration tea = new ProfileConfiguration("tea", "wxfedcba9876543210");
        MiniProgramsConfiguration.identify(List.of(shop, tea), List.of());
        String ofShop = shop.identity();
        assertThat(ofShop).isNotEqualTo("shop").isNotEqualTo(tea.identity());

        // The form: both change their names, and each takes that of the other.
        ProfileConfiguration renamed = fromForm("tea", "wx0000000000000001", shop.identity());
        ProfileConfiguration other = fromForm("shop", "wxfedcba9876543210", tea.identity());
        MiniProgramsConfiguration.identify(List.of(renamed, other), List.of(shop, tea));
        assertThat(renamed.identity()).isEqualTo(ofShop);
        assertThat(other.identity()).isEqualTo(tea.identity());

        // The form: deleted and made anew under the same name, or sent twice, or made up.
        ProfileConfiguration anew = fromForm("shop", shop.getAppId(), "");
        ProfileConfiguration first = fromForm("tea", tea.getAppId(), tea.identity());
        ProfileConfiguration twice = fromForm("cup", "wx0000000000000002", tea.identity());
        ProfileConfiguration forged = fromForm("pot", "wx0000000000000003", "of another");
        MiniProgramsConfiguration.identify(List.of(anew, first, twice, forged), List.of(shop, tea));
        assertThat(first.identity()).isEqualTo(tea.identity());
        assertThat(List.of(anew, twice, forged))
                .extracting(ProfileConfiguration::identity)
                .doesNotHaveDuplicates()
                .doesNotContain(ofShop, "shop", tea.identity(), "of another");
    }

    @Test
    void configurationAsCodeFindsAProfileByNameElseByApp() {
        ProfileConfiguration shop = shop();
        ProfileConfiguration tea = new ProfileConfiguration("tea", "wxfedcba9876543210");
        // Stored by a version without ids: its name is its id.
        assertThat(shop.identity()).isEqualTo("shop");

        ProfileConfiguration same = new ProfileConfiguration("shop", "wx0000000000000001");
        ProfileConfiguration renamed = new ProfileConfiguration("cup", "wxfedcba9876543210");
        ProfileConfiguration added = new ProfileConfiguration("tea", "wx0000000000000002");
        MiniProgramsConfiguration.identify(List.of(renamed, same), List.of(shop, tea));
        assertThat(same.identity()).isEqualTo("shop");
        assertThat(renamed.identity()).isEqualTo("tea");
        MiniProgramsConfiguration.identify(List.of(renamed, same, added), List.of(renamed, same));
        assertThat(renamed.identity()).isEqualTo("tea");
        assertThat(added.identity()).isNotEqualTo("tea");
    }

    private static ProfileConfiguration fromForm(String name, String appId, String id) {
        ProfileConfiguration made = new ProfileConfiguration(name, appId);
        made.identify(id);
        return made;
    }

    @Test
    void aDisabledProfileOfAJobTellsNobody() {
        ProfileConfiguration own = shop();
        own.setNotifyOn("always");
        ProfileConfiguration ofAll = shop();
        ofAll.setNotifyOn("always");
        ofAll.setJob("team/shop");

        assertThat(ProfileRunListener.program(own, List.of(ofAll), "team/shop")).isNotNull();
        own.setEnabled(false);
        assertThat(ProfileRunListener.program(own, List.of(ofAll), "team/shop")).isNull();
        assertThat(ProfileRunListener.program(null, List.of(ofAll), "team/shop"))
                .isNotNull();
        ofAll.setEnabled(false);
        assertThat(ProfileRunListener.program(null, List.of(ofAll), "team/shop"))
                .isNull();
    }

    @Test
    void theFirstRuleThatFitsTheBranchNamesTheRobot() {
        Robots robots = new Robots(1, "main=2\nrelease/*=3\n*=4");

        assertThat(robots.of("main")).isEqualTo(2);
        assertThat(robots.of("release/1.2")).isEqualTo(3);
        assertThat(robots.of("feature")).isEqualTo(4);
        assertThat(robots.of("")).isEqualTo(1);
        assertThat(new Robots(1, "m.in=2").of("main")).isEqualTo(1);
    }

    @Test
    void aBrokenProfileStopsOnlyTheStepsThatNameIt() {
        ProfileConfiguration broken = new ProfileConfiguration("tea", "wxfedcba9876543210");
        broken.setPrivateKeyCredentialsId("k");
        broken.setRobot(99);
        List<ProfileConfiguration> all = List.of(broken, shop());

        assertThat(ProfileConfiguration.find(all, "shop").app().name()).isEqualTo("shop");
        assertThatThrownBy(() -> ProfileConfiguration.find(all, "tea"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"tea\" is not complete")
                .hasMessageContaining("99 is not a CI robot");
    }

    @Test
    void compileSettingsThatAreNotTheDefaultAreKeptAndUsed() {
        ProfileConfiguration shop = shop();
        shop.setEs7(false);
        shop.setMinify(true);

        assertThat(shop.isEs7()).isFalse();
        assertThat(shop.isEs6()).isTrue();
        assertThat(shop.toProfile().setting().flags())
                .containsEntry("es7", false)
                .containsEntry("minify", true)
                .containsEntry("es6", true)
                .doesNotContainKey("useProjectConfig");
        shop.setUseProjectConfig(true);
        assertThat(shop.toProfile().setting().flags()).isEqualTo(Map.of("useProjectConfig", true));
    }

    @Test
    void aStepsInstallAndItsCommandComeBeforeThoseOfTheProfile() {
        BuildCommands profile = new BuildCommands("uniapp", true, "theirs", null, null, false, 30.0);

        assertThat(commands(null, null).or(profile).installCommand()).isEqualTo("theirs");
        assertThat(commands(true, "mine").or(profile).installCommand()).isEqualTo("mine");
        assertThat(commands(false, "mine").or(profile).installCommand()).isNull();
        BuildCommands off = new BuildCommands("uniapp", false, "theirs", null, null, false, 30.0);
        assertThat(commands(null, null).or(off).installCommand()).isNull();
        assertThat(commands(null, "mine").or(off).installCommand()).isEqualTo("mine");
        assertThat(commands(true, null).or(off).installCommand()).isEqualTo("theirs");
    }

    private static BuildCommands commands(Boolean install, String installCommand) {
        return new BuildCommands(null, install, installCommand, null, null, null, null);
    }

    @Test
    void thePageOfAStepComesWithoutTheParametersOfTheProfile() {
        PreviewSettings profile = new PreviewSettings("image", 200, "pages/a", "a=1", 1011, 30);

        PreviewSettings other = new PreviewSettings(null, null, "pages/b", null, null, null).or(profile);
        assertThat(other.searchQuery()).isNull();
        assertThat(other.scene()).isEqualTo(1011);
        assertThat(new PreviewSettings(null, null, null, "b=2", null, null).or(profile))
                .isEqualTo(new PreviewSettings("image", 200, "pages/a", "b=2", 1011, 30));
    }

    @Test
    void aListThatWasReadBeforeAJobChangedIsNotKept() {
        int[] reads = {0};
        List<ProfileAutoBuildFactory.Kept<Integer>> self = new ArrayList<>();
        ProfileAutoBuildFactory.Kept<Integer> kept = new ProfileAutoBuildFactory.Kept<>(() -> {
            reads[0]++;
            if (reads[0] == 1) {
                // A job is stored while the jobs are read.
                self.get(0).forget();
            }
            return reads[0];
        });
        self.add(kept);

        assertThat(kept.get()).isEqualTo(1);
        assertThat(kept.get()).isEqualTo(2);
        assertThat(kept.get()).isEqualTo(2);
        kept.forget();
        assertThat(kept.get()).isEqualTo(3);
    }

    @Test
    void aDescriptionIsNotCutInsideACharacter() {
        assertThat(Versioning.cut("x".repeat(199) + "\uD83C\uDF75tea", 200)).isEqualTo("x".repeat(199));
        assertThat(Versioning.cut("x".repeat(198) + "\uD83C\uDF75tea", 200)).hasSize(200);
    }
}
