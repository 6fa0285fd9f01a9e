package io.jenkins.plugins.minibuild.miniprogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProfileConfiguration;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kohsuke.stapler.DataBoundSetter;

/** Which arguments of a step a profile lets through. */
class ProfileUseTest {
    /** Arguments of the steps that no profile has: they add something to the build's page, or keep the step from sending anything. */
    private static final Set<String> FREE = Set.of("App", "Quality", "SourceMap", "Doctor");

    @TempDir
    private Path root;

    private static ProfileConfiguration shop() {
        ProfileConfiguration shop = new ProfileConfiguration("shop", Fixture.APP);
        shop.setPrivateKeyCredentialsId(Fixture.KEY_ID);
        shop.setAppType("native");
        shop.setInstall(false);
        return shop;
    }

    static Stream<Method> arguments() {
        return Stream.of(MiniprogramUploadStep.class, MiniprogramPreviewStep.class)
                .flatMap(step -> Arrays.stream(step.getMethods()))
                .filter(each -> each.isAnnotationPresent(DataBoundSetter.class))
                .filter(each -> MiniprogramStep.class.isAssignableFrom(each.getDeclaringClass()))
                .filter(each -> !FREE.contains(each.getName().substring(3)))
                .distinct();
    }

    /** A value that the setter takes. */
    private static Object value(Method setter) {
        Class<?> type = setter.getParameterTypes()[0];
        if (type == Integer.class) {
            return switch (setter.getName()) {
                case "setQrcodeSize" -> 300;
                case "setScene" -> 1011;
                default -> 2;
            };
        }
        if (type == Double.class) {
            return 2.0;
        }
        return switch (setter.getName()) {
            case "setType" -> "miniGame";
            case "setAppType" -> "uniapp";
            case "setQrcodeFormat" -> "base64";
            case "setSetting" -> "es6=false";
            case "setInstall", "setNpm", "setAutoVersion" -> "true";
            default -> "other";
        };
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void anArgumentThatTheProfileDoesNotListIsRefusedWhateverItIs(Method setter) throws Exception {
        MiniprogramStep<?> step = setter.getDeclaringClass() == MiniprogramPreviewStep.class
                ? new MiniprogramPreviewStep()
                : new MiniprogramUploadStep();
        step.setApp("shop");
        setter.invoke(step, value(setter));
        ProfileConfiguration closed = shop();
        closed.setAllowedOverrides("none");
        String name = setter.getName().substring(3, 4).toLowerCase(java.util.Locale.ROOT)
                + setter.getName().substring(4);

        assertThatThrownBy(() -> step.task().run(LocalBuild.in(root).with(closed)))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("\"shop\"")
                .hasMessageContaining(name);
    }

    @Test
    void aStepCannotHaveAProfileBuildSomethingElse() throws Exception {
        try (Fixture fixture = new Fixture(root)) {
            MiniprogramUploadStep step = new MiniprogramUploadStep();
            step.setApp("shop");
            step.setBuildCommand("echo 'App({stolen: true})' > app.js");

            assertThatThrownBy(() -> step.task().run(fixture.build.with(shop())))
                    .hasMessageContaining("buildCommand");
            assertThat(fixture.wechat.uploads()).isEmpty();
        }
    }

    @Test
    void byDefaultAStepChoosesWhatChangesNeitherTheProgramNorItsPlace() {
        ProfileConfiguration shop = shop();
        assertThat(shop.getAllowedOverrides())
                .isEqualTo(
                        "desc, expire, pagePath, qrcodeFormat, qrcodeSize, robot, scene, searchQuery, timeoutMinutes");
        MiniprogramPreviewStep step = new MiniprogramPreviewStep();
        step.setApp("shop");
        step.setPagePath("pages/index/index");
        step.setRobot(3);
        step.setScene(1011);
        step.setDesc("tea");
        step.setSearchQuery("a=1");
        assertThatThrownBy(() -> step.task().run(LocalBuild.in(root).with(shop)))
                .as("goes on to the next thing that is wrong here: there is no key")
                .hasMessageContaining(Fixture.KEY_ID);
    }

    @Test
    void anAdministratorOpensWhatAStepMayChoose() {
        ProfileConfiguration shop = shop();
        shop.setAllowedOverrides(" version,  branch ");
        assertThat(shop.getAllowedOverrides()).isEqualTo("branch, version");
        MiniprogramUploadStep step = new MiniprogramUploadStep();
        step.setApp("shop");
        step.setVersion("2.0.0");
        assertThatThrownBy(() -> step.task().run(LocalBuild.in(root).with(shop)))
                .hasMessageContaining(Fixture.KEY_ID);
        step.setDesc("tea");
        assertThatThrownBy(() -> step.task().run(LocalBuild.in(root).with(shop)))
                .hasMessageContaining("desc")
                .hasMessageContaining("branch, version");
        shop.setAllowedOverrides("*");
        assertThatThrownBy(() -> step.task().run(LocalBuild.in(root).with(shop)))
                .hasMessageContaining(Fixture.KEY_ID);
        assertThatThrownBy(() -> shop.setAllowedOverrides("version, colour"))
                .hasMessageContaining("colour")
                .hasMessageContaining("buildCommand");
    }

    @Test
    void aProfileIsForTheJobsThatItNames() {
        ProfileConfiguration bound = shop();
        bound.setAllowedJobs("team/**, tools");
        ProfileConfiguration open = new ProfileConfiguration("tea", "wx00000000000000aa");

        assertThat(bound.isFor("team/a/main")).isTrue();
        assertThat(bound.isFor("tools")).isTrue();
        assertThat(bound.isFor("other/tools")).isFalse();
        assertThat(bound.isFor("teams/x")).isFalse();
        assertThat(open.isFor("anything/at/all")).isTrue();
        assertThatThrownBy(() -> bound.setAllowedJobs("a\\b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theJobThatAPushStartsHasToBeOneOfThem() {
        ProfileConfiguration bound = shop();
        bound.setAllowedJobs("team/**");
        bound.setJob("other/release");
        assertThatThrownBy(bound::toProfile)
                .hasMessageContaining("other/release")
                .hasMessageContaining("allowedJobs");
        bound.setJob("team/release");
        assertThat(bound.toProfile().app().name()).isEqualTo("shop");
    }

    @Test
    void anUnknownProfileIsNotAnsweredWithTheNamesOfOthersThatTheJobMayNotUse() {
        ProfileConfiguration bound = shop();
        bound.setAllowedJobs("team/**");
        ProfileConfiguration open = new ProfileConfiguration("tea", "wx00000000000000aa");
        List<ProfileConfiguration> usable = ProfileConfiguration.usableBy("other/job", List.of(bound, open));

        assertThatThrownBy(() -> ProfileConfiguration.find(usable, "shop"))
                .hasMessageContaining("[tea]")
                .hasMessageContaining("may use");
        assertThatThrownBy(() -> ProfileConfiguration.find(usable, "x")).hasMessageNotContaining("shop");
    }

    /** An XML that was written by hand is not checked by the setter. */
    @Test
    void aPatternThatIsNoneLetsNoJobUseItsProfileAndLeavesTheOtherProfilesAlone() throws Exception {
        ProfileConfiguration broken = shop();
        Field stored = ProfileConfiguration.class.getDeclaredField("allowedJobs");
        stored.setAccessible(true);
        stored.set(broken, "regex:(");
        ProfileConfiguration open = new ProfileConfiguration("tea", "wx00000000000000aa");
        assertThat(ProfileConfiguration.usableBy("any/job", List.of(broken, open)))
                .containsExactly(open);
    }
}
