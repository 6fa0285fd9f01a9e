package io.jenkins.plugins.minibuild.miniprogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.minibuild.miniprogram.profile.Version;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionStoreTest {

    private static final String APP = "wx0123456789abcdef";
    private static final Version FIRST = Version.parse("1.0.0");

    @TempDir
    private Path folder;

    @Test
    void theFirstIsTheProfilesAndEachOneAfterItHasThePatchOneHigher() throws Exception {
        VersionStore store = new VersionStore(folder);

        assertThat(store.reserve(APP, FIRST)).hasToString("1.0.0");
        store.uploaded(APP, FIRST);
        assertThat(store.reserve(APP, FIRST)).hasToString("1.0.1");
        store.uploaded(APP, Version.parse("1.0.1"));
        store.uploaded(APP, Version.parse("3.2.9"));
        assertThat(store.reserve(APP, FIRST)).hasToString("3.2.10");
        assertThat(store.reserve(APP, Version.parse("4.0.0"))).hasToString("4.0.0");
        assertThat(store.reserve("wxfedcba9876543210", FIRST)).hasToString("1.0.0");
    }

    @Test
    void onlyWhatTheServiceHasNotSeenIsGivenAgain() throws Exception {
        VersionStore store = new VersionStore(folder);
        Version kept = store.reserve(APP, FIRST);
        Version released = store.reserve(APP, FIRST);

        store.release(APP, released);

        assertThat(new VersionStore(folder).reserve(APP, FIRST))
                .isEqualTo(released)
                .isNotEqualTo(kept);
    }

    @Test
    void aVersionThatSomebodyNamedIsNotGivenEvenWhenItsUploadWasNeverRecorded() throws Exception {
        VersionStore store = new VersionStore(folder);
        store.uploaded(APP, FIRST);
        Version named = Version.parse("1.0.1");

        assertThat(store.hold(APP, named)).isTrue();
        assertThat(store.hold(APP, named)).as("it is taken already").isFalse();
        assertThat(store.hold(APP, FIRST)).as("it is at the service").isFalse();

        assertThat(new VersionStore(folder).reserve(APP, FIRST)).hasToString("1.0.2");
    }

    /** With ciTool: 'project', the project's own module says that it has uploaded, and to which app. */
    @Test
    void aJobThatUploadsByAModuleOfItsOwnTakesNoVersionsOfTheOthers() throws Exception {
        VersionStore shared = new VersionStore(folder);
        shared.uploaded(APP, FIRST);
        VersionStore own = shared.ofJob("thief");
        own.hold(APP, Version.parse("99999.99999.99999"));
        own.uploaded(APP, Version.parse("99999.99999.99999"));

        assertThat(shared.reserve(APP, FIRST)).hasToString("1.0.1");
        assertThat(shared.ofJob("another").reserve(APP, FIRST)).hasToString("1.0.2");
        assertThat(shared.ofJob("another").reserve(APP, FIRST)).hasToString("1.0.3");
        assertThat(shared.reserve(APP, FIRST)).hasToString("1.0.2");
    }

    @Test
    void twentyThreadsAtOnceNeverGetTheSame() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(20);
        Set<Version> given = new ConcurrentSkipListSet<>();
        List<Callable<Void>> work = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            work.add(() -> {
                VersionStore store = new VersionStore(folder);
                for (int n = 0; n < 5; n++) {
                    Version version = store.reserve(APP, FIRST);
                    assertThat(given.add(version)).as(version.toString()).isTrue();
                    store.uploaded(APP, version);
                }
                return null;
            });
        }
        for (Future<Void> done : threads.invokeAll(work)) {
            done.get();
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

        assertThat(given).hasSize(100).contains(Version.parse("1.0.99"));
    }

    @Test
    void aControllerThatIsKilledBetweenUploadAndRecordNeverReusesTheVersion() throws Exception {
        new VersionStore(folder).uploaded(APP, Version.parse("1.0.6"));
        Process controller = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Killed.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String uploaded;
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(controller.getInputStream(), StandardCharsets.UTF_8))) {
            uploaded = out.readLine();
            controller.destroyForcibly().waitFor();
        }

        assertThat(uploaded).isEqualTo("1.0.7");
        assertThat(new VersionStore(folder).reserve(APP, FIRST)).hasToString("1.0.8");
    }

    /** A controller that has reserved a version and uploaded it, and is killed before it records that. */
    static final class Killed {
        public static void main(String[] arguments) throws Exception {
            System.out.println(new VersionStore(Path.of(arguments[0])).reserve(APP, FIRST));
            Thread.sleep(60_000);
        }
    }

    @Test
    void aBrokenFileIsAnErrorAndNoNewBeginning() throws Exception {
        Path file = Files.createDirectories(folder.resolve("versions")).resolve(APP + ".json");
        Files.writeString(file, "{\"uploaded\": \"1.0");

        assertThatThrownBy(() -> new VersionStore(folder).reserve(APP, FIRST))
                .hasMessageContaining("cannot be read")
                .hasMessageContaining(file.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1.2", "1.2.3.4", "v1.2.3", "1.2.x", "01.2.3", "1.2.3-rc1", "1.2.9999999999", "１.2.3"})
    void aVersionIsThreeNumbers(String text) {
        assertThatThrownBy(() -> Version.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    @Test
    void versionsAreInTheOrderOfTheirNumbers() {
        assertThat(Version.parse("1.10.0")).isGreaterThan(Version.parse("1.9.9"));
        assertThat(Version.parse("0.0.9").next()).hasToString("0.0.10");
    }
}
