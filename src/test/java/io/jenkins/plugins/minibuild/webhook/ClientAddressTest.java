package io.jenkins.plugins.minibuild.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientAddressTest {
    @TempDir
    Path folder;

    @Test
    void rangesHoldTheirAddresses() {
        ClientAddress rules = ClientAddress.rules("192.0.2.0/25, 198.51.100.7\n2001:db8::/32", "");
        assertThat(rules.isAllowed("192.0.2.127")).isTrue();
        assertThat(rules.isAllowed("192.0.2.128")).isFalse();
        assertThat(rules.isAllowed("198.51.100.7")).isTrue();
        assertThat(rules.isAllowed("198.51.100.8")).isFalse();
        assertThat(rules.isAllowed("2001:db8:1::9")).isTrue();
        assertThat(rules.isAllowed("2001:db9::1")).isFalse();
        assertThat(rules.isAllowed("localhost")).isFalse();
        assertThat(ClientAddress.rules("0.0.0.0/0", "").isAllowed("203.0.113.5"))
                .isTrue();
        assertThat(ClientAddress.rules("", "").isAllowed("anything")).isTrue();
    }

    @Test
    void onlyTrustedProxiesSayWhoseCallItIs() {
        ClientAddress rules = ClientAddress.rules("", "10.0.0.0/8");
        assertThat(rules.of("203.0.113.5", "192.0.2.1")).as("not a proxy").isEqualTo("203.0.113.5");
        assertThat(rules.of("10.0.0.1", "192.0.2.1")).isEqualTo("192.0.2.1");
        assertThat(rules.of("10.0.0.1", "192.0.2.1, 203.0.113.9, 10.0.0.2"))
                .as("what the client wrote itself comes first, and does not count")
                .isEqualTo("203.0.113.9");
        assertThat(rules.of("10.0.0.1", "")).isEqualTo("10.0.0.1");
        assertThat(rules.of("10.0.0.1", "unknown, <script>")).isEqualTo("10.0.0.1");
    }

    @Test
    void namesAndNonsenseAreRefusedWithoutALookUp() {
        for (String bad : new String[] {
            "gitee.com", "192.0.2", "192.0.2.0/33", "2001:db8::/129", "192.0.2.0/-1", "1.2.3.4/8/8", "fe80::1%eth0"
        }) {
            assertThatThrownBy(() -> ClientAddress.rules(bad, ""))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(bad);
        }
    }

    @Test
    void tooManyCallsAndTooManyFailuresAreHeldOff() throws Exception {
        IntakeFixture fixture = new IntakeFixture(folder);
        fixture.callsPerMinute = 100;
        for (int i = 0; i < CallLimits.FAILURES; i++) {
            assertThat(fixture.admit("192.0.2.7", fixture.id, "wrong")).isEqualTo(401);
        }
        assertThat(fixture.admit("192.0.2.7", fixture.id, "wrong")).isEqualTo(429);
        assertThat(fixture.admit("192.0.2.7")).isZero();
        assertThat(fixture.admit("192.0.2.8", fixture.id, "wrong")).isEqualTo(401);
        for (int i = 0; i < 100; i++) {
            assertThat(fixture.admit("192.0.2." + (9 + i), fixture.id, fixture.token))
                    .isZero();
        }
        assertThat(fixture.admit("192.0.2.8", fixture.id, fixture.token))
                .as("the endpoint has had its calls")
                .isEqualTo(429);
        assertThat(fixture.admit("192.0.2.8")).isZero();
        fixture.now = fixture.now.plusSeconds(60);
        assertThat(fixture.admit("192.0.2.7", fixture.id, "wrong")).isEqualTo(401);
        assertThat(fixture.admit("192.0.2.8", fixture.id, fixture.token)).isZero();
        fixture.addresses = ClientAddress.rules("192.0.2.0/29", "");
        assertThat(fixture.admit("192.0.2.8")).isEqualTo(403);
    }
}
