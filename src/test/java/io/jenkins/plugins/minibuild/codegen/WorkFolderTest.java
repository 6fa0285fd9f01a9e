package io.jenkins.plugins.minibuild.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkFolderTest {
    @ParameterizedTest
    @CsvSource({
        "a1, /ws/shop, a1, /ws/shop, true",
        "a1, /ws/shop, a1, /ws/shop/, true",
        "a1, /ws/shop, a1, /ws/shop/app, true",
        "a1, /ws/shop/app, a1, /ws/shop, true",
        "a1, 'C:\\ws\\shop', a1, 'C:\\ws\\shop\\app', true",
        "a1, /ws/shop, a1, /ws/shop@2, false",
        "a1, /ws/shop/app, a1, /ws/shop/api, false",
        "a1, /ws/shop, a2, /ws/shop, false"
    })
    void onlyOneAtATimeIsInAFolder(String agent, String path, String other, String otherPath, boolean waits)
            throws Exception {
        int[] told = {0};
        WorkFolder first = WorkFolder.claim(agent, path, Duration.ZERO, () -> told[0]++);
        WorkFolder second = WorkFolder.claim(other, otherPath, Duration.ofMillis(20), () -> told[0]++);
        assertThat(second == null).isEqualTo(waits);
        assertThat(told[0]).isEqualTo(waits ? 1 : 0);
        first.close();
        if (waits) {
            second = WorkFolder.claim(other, otherPath, Duration.ZERO, () -> told[0]++);
        }
        second.close();
    }
}
