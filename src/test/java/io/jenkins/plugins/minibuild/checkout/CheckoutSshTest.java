package io.jenkins.plugins.minibuild.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsScope;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real sshd, which is skipped where there is none. */
class CheckoutSshTest extends CheckoutTestBase {
    private static final Path SSHD = Path.of("/usr/sbin/sshd");

    @TempDir
    static Path keys;

    private Process sshd;
    private int port;
    private String key;
    private String sshUrl;

    @BeforeAll
    static void makeKeys() throws Exception {
        if (Files.exists(SSHD)) {
            keygen(keys.resolve("host"));
            keygen(keys.resolve("client"));
        }
    }

    @BeforeEach
    void startServer() throws Exception {
        assumeThat(SSHD)
                .as("openssh-server is installed; without it SSH checkouts are not tested")
                .exists();
        Path folder = Files.createDirectories(temp.resolve("ssh"));
        for (String name : new String[] {"host", "client"}) {
            Files.copy(keys.resolve(name), folder.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
            Files.copy(keys.resolve(name + ".pub"), folder.resolve(name + ".pub"));
        }
        key = read(folder.resolve("client"));
        Files.copy(folder.resolve("client.pub"), folder.resolve("authorized"));
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Files.createDirectories(Path.of("/run/sshd"));
        Files.writeString(
                folder.resolve("config"),
                "Port " + port + "\nListenAddress 127.0.0.1\nHostKey " + folder.resolve("host")
                        + "\nAuthorizedKeysFile "
                        + folder.resolve("authorized") + "\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
                        + "PermitRootLogin yes\nPidFile none\n");
        sshd = new ProcessBuilder(
                        SSHD.toString(),
                        "-D",
                        "-e",
                        "-f",
                        folder.resolve("config").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        for (int i = 0; i < 100 && !listening(); i++) {
            Thread.sleep(50);
        }
        assumeThat(sshd.isAlive()).as("sshd may run here").isTrue();
        sshUrl = "ssh://" + System.getProperty("user.name") + "@127.0.0.1:" + port + shop;
    }

    private boolean listening() {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (java.io.IOException e) {
            return false;
        }
    }

    private static void keygen(Path file) throws Exception {
        new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString())
                .start()
                .waitFor(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void stopServer() {
        if (sshd != null) {
            sshd.destroy();
        }
    }

    private void key(String id, String value) {
        build.with(new BasicSSHUserPrivateKey(
                CredentialsScope.GLOBAL,
                id,
                System.getProperty("user.name"),
                new BasicSSHUserPrivateKey.DirectEntryPrivateKeySource(value),
                null,
                "deploy key"));
    }

    @Test
    void aKeyReadsTheRepositoryAndIsNowhereButInItsCredential() throws Exception {
        key("deploy", key);
        AtomicBoolean done = new AtomicBoolean();
        Set<String> arguments = ConcurrentHashMap.newKeySet();
        Thread watch = new Thread(() -> {
            while (!done.get()) {
                ProcessHandle.allProcesses()
                        .forEach(process -> process.info().commandLine().ifPresent(arguments::add));
            }
        });
        watch.start();

        CommitInfo info = checkout(build, sshUrl, o -> o.credentialsId("deploy"));
        done.set(true);
        watch.join();

        assertThat(info.commit()).isEqualTo(first);
        assertThat(workspaceFiles()).containsExactly("app.json", "pages/index.js");
        String secret = key.lines().toList().get(2);
        assertThat(holding(build.root(), secret)).isEmpty();
        assertThat(arguments).noneMatch(line -> line.contains(secret));
        assertThat(build.log()).doesNotContain(secret);
    }

    @Test
    void aKeyThatTheServerDoesNotKnowIsNamed() throws Exception {
        keygen(temp.resolve("other"));
        key("other", read(temp.resolve("other")));

        assertThatThrownBy(() -> checkout(build, sshUrl, o -> o.credentialsId("other")))
                .hasMessageContaining("refuses the credential \"other\"");
        assertThat(build.log()).doesNotContain("Trying again");
    }

    @Test
    void anUnknownRepositoryIsNamed() throws Exception {
        key("deploy", key);

        assertThatThrownBy(() -> checkout(build, sshUrl.replace("shop", "none"), o -> o.credentialsId("deploy")))
                .hasMessageContaining("There is no repository");
    }
}
