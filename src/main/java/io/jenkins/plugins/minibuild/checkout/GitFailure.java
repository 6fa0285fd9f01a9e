package io.jenkins.plugins.minibuild.checkout;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The reason why git failed, by the words that it printed. Git is run with {@code LC_ALL=C}, so the words are the English ones. */
enum GitFailure {
    NO_GIT(false, "cannot run program"),
    DISK_FULL(false, "no space left on device|disk quota exceeded|not enough space|unable to write"),
    CERTIFICATE(false, "ssl certificate problem|certificate verif|unable to get local issuer|self.signed certificate"),
    HOST_KEY(false, "host key verification failed|host key is known"),
    REDIRECTED(false, "returned error: 30[12378]"),
    LOGIN(
            false,
            "authentication failed|could not read username|could not read password|http basic: access denied|returned error: 401|permission denied \\(|invalid username or"),
    FORBIDDEN(false, "returned error: 403|access denied|you are not allowed"),
    UNKNOWN_REPOSITORY(
            false,
            "returned error: 404|repository not found|repository '[^']*' not found|could not be found|does not appear to be a git repository|repository .* does not exist"),
    UNKNOWN_REF(false, "couldn't find remote ref|remote ref does not exist|invalid refspec"),
    UNKNOWN_COMMIT(false, "not our ref"),
    COMMIT_NOT_ADVERTISED(false, "unadvertised object"),
    NOT_A_COMMIT(false, "expected commit type"),
    KILLED(true, "returned status code (137|143|130|-1)\\b|died of signal|was terminated by signal"),
    TRANSFER(
            true,
            "could not resolve host|connection refused|connection reset|connection timed out|failed to connect|couldn't connect|network is unreachable|no route to host|early eof|unexpected disconnect|rpc failed|returned error: (5\\d\\d|429|408)|remote end hung up|operation too slow|operation timed out|timed out after|transfer closed|empty reply from server|recv error|ssl_read|ssl_connect|bad pack header|invalid index-pack output|index-pack failed|kex_exchange_identification|connection closed|unexpected eof|temporary failure|expected flush|protocol error|bad line length|the remote end"),
    BROKEN(
            false,
            "is corrupt|bad object|object file .* is empty|not a git repository|packfile .* (cannot|does not|index)|inflate|missing (blob|tree|commit)|unable to read|did not send all necessary objects|bad config|invalid sha1|could not read [0-9a-f]{40}|unable to parse|invalid object|bad signature|unable to find|bad tree|shallow file|invalid shallow|bad shallow|garbage|not a valid object|cannot be accessed|reference broken|unable to resolve reference|file exists|cannot lock ref|bad revision|ambiguous argument"),
    OTHER(false, "");

    private final boolean retryable;
    private final Pattern pattern;

    GitFailure(boolean retryable, String words) {
        this.retryable = retryable;
        this.pattern = Pattern.compile(words);
    }

    /** Whether the same may succeed a moment later. */
    boolean retryable() {
        return retryable;
    }

    static GitFailure of(String output) {
        // Not the command line, which holds the names of branches and repositories.
        int from = output.indexOf("returned status code");
        String text = (from < 0 ? output : output.substring(from)).toLowerCase(Locale.ROOT);
        for (GitFailure failure : values()) {
            if (failure.pattern.matcher(text).find()) {
                return failure;
            }
        }
        return OTHER;
    }

    /** The lines of the output that say something, at most five. */
    static String essence(String output) {
        int from = output.indexOf("stderr:");
        List<String> lines = (from < 0 ? output : output.substring(from + "stderr:".length()))
                .lines()
                .flatMap(line -> line.replaceAll(".*\r(?=.)", "").strip().lines())
                .filter(line -> !line.isEmpty())
                .toList();
        List<String> telling = lines.stream()
                .filter(line -> line.startsWith("fatal:") || line.startsWith("error:") || line.startsWith("remote:"))
                .filter(line -> !line.matches("remote: (Enumerating|Counting|Compressing|Total|Resolving).*"))
                .toList();
        List<String> shown = telling.isEmpty() ? lines : telling;
        return String.join("\n", shown.subList(Math.max(0, shown.size() - 5), shown.size()));
    }
}
