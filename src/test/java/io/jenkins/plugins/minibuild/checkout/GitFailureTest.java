package io.jenkins.plugins.minibuild.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GitFailureTest {
    static Stream<Arguments> outputs() {
        return Stream.of(
                Arguments.of(
                        GitFailure.TRANSFER,
                        "error: RPC failed; curl 18 transfer closed with outstanding read data remaining\nfatal: early EOF"),
                Arguments.of(GitFailure.TRANSFER, "fatal: unable to access 'https://x/': Could not resolve host: x"),
                Arguments.of(
                        GitFailure.TRANSFER,
                        "fatal: unable to access 'https://x/': The requested URL returned error: 502"),
                Arguments.of(
                        GitFailure.TRANSFER,
                        "ssh: connect to host x port 22: Connection refused\nfatal: Could not read from remote repository."),
                Arguments.of(GitFailure.LOGIN, "fatal: Authentication failed for 'https://x/'"),
                Arguments.of(
                        GitFailure.LOGIN,
                        "git@x: Permission denied (publickey).\nfatal: Could not read from remote repository."),
                Arguments.of(
                        GitFailure.FORBIDDEN,
                        "fatal: unable to access 'https://x/': The requested URL returned error: 403"),
                Arguments.of(GitFailure.UNKNOWN_REPOSITORY, "fatal: repository 'https://x/y.git/' not found"),
                Arguments.of(
                        GitFailure.UNKNOWN_REPOSITORY,
                        "ERROR: Repository not found.\nfatal: Could not read from remote repository."),
                Arguments.of(GitFailure.UNKNOWN_REF, "fatal: couldn't find remote ref refs/heads/x"),
                Arguments.of(GitFailure.UNKNOWN_COMMIT, "fatal: remote error: upload-pack: not our ref 0123"),
                Arguments.of(
                        GitFailure.COMMIT_NOT_ADVERTISED,
                        "error: Server does not allow request for unadvertised object 0123"),
                Arguments.of(
                        GitFailure.HOST_KEY,
                        "Host key verification failed.\nfatal: Could not read from remote repository."),
                Arguments.of(
                        GitFailure.CERTIFICATE,
                        "fatal: unable to access 'https://x/': SSL certificate problem: unable to get local issuer certificate"),
                Arguments.of(
                        GitFailure.REDIRECTED,
                        "fatal: unable to access 'http://x/': The requested URL returned error: 301"),
                Arguments.of(GitFailure.DISK_FULL, "fatal: write error: No space left on device"),
                Arguments.of(
                        GitFailure.BROKEN,
                        "error: object file objects/01/23 is empty\nfatal: loose object 0123 is corrupt"),
                Arguments.of(GitFailure.OTHER, "fatal: something nobody has seen before"));
    }

    @ParameterizedTest
    @MethodSource("outputs")
    void tellsTheCauseFromGitsWords(GitFailure expected, String output) {
        String whole =
                "Command \"git fetch -- https://x/disk-full-early-EOF.git\" returned status code 128:\nstdout: \nstderr: "
                        + output;
        assertThat(GitFailure.of(whole)).isEqualTo(expected);
    }

    @Test
    void onlyWhatMayPassIsTriedAgain() {
        assertThat(Stream.of(GitFailure.values()).filter(GitFailure::retryable))
                .containsExactlyInAnyOrder(GitFailure.TRANSFER, GitFailure.KILLED);
    }

    @Test
    void theEssenceIsWhatGitComplainsAbout() {
        String output =
                "Command \"git fetch\" returned status code 128:\nstdout: \nstderr: remote: Counting objects: 100% (3/3)\r"
                        + "remote: Counting objects: 100% (3/3), done.\nReceiving objects: 10%\rReceiving objects: 20%\nfatal: early EOF\n";
        assertThat(GitFailure.essence(output)).isEqualTo("fatal: early EOF");
    }
}
