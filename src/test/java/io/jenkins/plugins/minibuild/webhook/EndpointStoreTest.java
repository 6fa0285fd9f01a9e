package io.jenkins.plugins.minibuild.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointStoreTest {
    @TempDir
    Path folder;

    private EndpointStore open() throws Exception {
        return new EndpointStore(folder.resolve("endpoints.json"), new Random(7), Clock.systemUTC());
    }

    /** A power cut can leave an empty or half a file. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"abcdefghijkl\":{\"own",
                "null",
                "[]",
                "{\"a\":null}",
                "{\"a\":{}}",
                "{\"a\":{\"color\":1}}"
            })
    void aDamagedFileIsSetAsideAndNewEndpointsAreKept(String content) throws Exception {
        Files.writeString(folder.resolve("endpoints.json"), content);
        EndpointStore store = open();
        assertThat(store.idOf("job:shop")).isNull();
        EndpointStore.Fresh fresh = store.renew("job:shop", Duration.ZERO);
        assertThat(open().idOf("job:shop")).isEqualTo(fresh.id());
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> aside = files.filter(
                            file -> file.getFileName().toString().startsWith("endpoints.json.broken-"))
                    .toList();
            assertThat(aside).hasSize(1);
            assertThat(aside.get(0)).hasContent(content);
        }
    }

    @Test
    void aReplacedTokenCanBeEndedBeforeItsTime() throws Exception {
        EndpointStore store = open();
        String leaked = store.renew("job:shop", Duration.ZERO).token();
        EndpointStore.Fresh fresh = store.renew("job:shop", Duration.ofHours(24));
        assertThat(store.isGood(store.find(fresh.id()).orElseThrow(), leaked)).isTrue();

        store.revokeReplaced("job:shop");
        store.revokeReplaced("job:none");

        EndpointStore again = open();
        assertThat(again.isGood(again.find(fresh.id()).orElseThrow(), leaked)).isFalse();
        assertThat(again.isGood(again.find(fresh.id()).orElseThrow(), fresh.token()))
                .isTrue();
    }

    /** A job or profile that is deleted: its address is not that of the next one with this name. */
    @Test
    void theAddressOfWhatWasDeletedIsGoneForGood() throws Exception {
        EndpointStore store = open();
        EndpointStore.Fresh old = store.renew("profile:shop", Duration.ZERO);
        EndpointStore.Fresh other = store.renew("profile:shop-2", Duration.ZERO);
        store.remove("profile:shop");
        assertThat(open().find(old.id())).isEmpty();

        EndpointStore.Fresh fresh = store.renew("profile:shop", Duration.ofHours(24));
        assertThat(fresh.id()).isNotEqualTo(old.id());
        EndpointStore again = open();
        assertThat(again.find(old.id())).isEmpty();
        assertThat(again.isGood(again.find(fresh.id()).orElseThrow(), old.token()))
                .isFalse();
        assertThat(again.isGood(again.find(other.id()).orElseThrow(), other.token()))
                .isTrue();
    }
}
