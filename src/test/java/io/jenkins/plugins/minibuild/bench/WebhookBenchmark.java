package io.jenkins.plugins.minibuild.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.minibuild.controller.RealController;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends deliveries to a controller at an even rate, whatever it answers, and looks whether the newest of every branch was built. Times count
 * from the moment a delivery was due, so a client or a controller that falls behind shows. Client and controller share the machine's
 * cores unless an address is given. The system properties {@code rate} (deliveries a second), {@code seconds} and {@code warmup} (seconds)
 * change the numbers, for a first look or a stronger machine.
 */
public final class WebhookBenchmark {
    private static final int A_SECOND = Integer.getInteger("rate", 500);
    private static final int SECONDS = Integer.getInteger("seconds", 60);
    /** How long the controller is called before it is measured, at a rate that grows: its code is compiled while it runs. */
    private static final int WARM_UP_SECONDS = Integer.getInteger("warmup", 120);

    private static final int BRANCHES = 8;
    /** Every so many deliveries one is about a branch of its own, so that it cannot be merged with another. */
    private static final int LONELY = 500;

    private static final double MOST_MILLIS = 200;
    private static final String JOB = "mini-build-benchmark";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** How many calls are under way at once at most: services deliver from a pool, and do not open a connection for every call that waits. */
    private static final int AT_ONCE = 64;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(new CookieManager())
            .build();
    private final String url;
    private final String login;
    private int sent;

    private WebhookBenchmark(String url, String user, String password) {
        this.url = url.endsWith("/") ? url : url + "/";
        this.login =
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Runs it; exits with 1 when a delivery was lost or p99 is too high.
     *
     * @param arguments the controller's address, then the environment has JENKINS_USER and JENKINS_TOKEN; or none for one of its own
     */
    public static void main(String[] arguments) throws Exception {
        boolean good = true;
        if (arguments.length > 0) {
            good = new WebhookBenchmark(arguments[0], System.getenv("JENKINS_USER"), System.getenv("JENKINS_TOKEN"))
                    .run();
        } else if (LimitsBenchmark.isControllerThere("deliveries to a controller")) {
            Path root = Files.createTempDirectory("webhook-benchmark");
            try (RealController controller = RealController.start(root, "-XX:+TieredCompilation")) {
                good = new WebhookBenchmark(controller.url(), RealController.USER, RealController.PASSWORD).run();
            } finally {
                new hudson.FilePath(root.toFile()).deleteRecursive();
            }
        }
        System.exit(good ? 0 : 1);
    }

    private boolean run() throws Exception {
        call("POST", "job/" + JOB + "/doDelete", "");
        HttpResponse<String> made = call("POST", "createItem?name=" + JOB, "<project/>");
        if (made.statusCode() != 200) {
            throw new IOException("the job could not be made: " + made.statusCode());
        }
        String page =
                call("POST", "job/" + JOB + "/mini-build-webhook/token", "").body();
        Matcher address =
                Pattern.compile("mini-build-webhook-address\">([^<]+)<").matcher(page);
        if (!address.find()) {
            throw new IOException("the page did not show an address");
        }
        URI target = URI.create(url).resolve(URI.create(address.group(1)).getRawPath());
        String body = Files.readString(Path.of("src/test/resources/webhook/gitee-push.json"));
        for (int step = 1; step <= 10; step++) {
            send(target, body, Math.max(1, A_SECOND * step / 10), Math.max(1, WARM_UP_SECONDS / 10), new HashSet<>());
        }
        boolean good = measure(target, body);
        call("POST", "job/" + JOB + "/doDelete", "");
        return good;
    }

    /** What came back. */
    private record Result(double[] millis, Map<String, Integer> answers) {}

    private boolean measure(URI target, String body) throws Exception {
        Set<String> wanted = new HashSet<>();
        Result result = send(target, body, A_SECOND, SECONDS, wanted);
        double[] millis = result.millis();
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "%d deliveries, %d a second for %d s, bodies of %d bytes: p50 %.1f ms, p99 %.1f ms, longest %.1f ms (p99 at most %.0f)%n",
                millis.length,
                A_SECOND,
                SECONDS,
                body.length(),
                millis[millis.length / 2],
                millis[millis.length * 99 / 100],
                millis[millis.length - 1],
                MOST_MILLIS);
        System.out.println("answers: " + result.answers());
        // On their way many overtake each other, so which one is the newest of a branch is only known of one sent after
        // all others.
        send(target, body, BRANCHES, 1, wanted);
        int lost = millis.length - result.answers().getOrDefault("202", 0);
        int missing = missing(wanted);
        int builds = call("GET", "job/" + JOB + "/api/json?tree=allBuilds[number]", null)
                        .body()
                        .split("\"number\"")
                        .length
                - 1;
        System.out.printf(
                Locale.ROOT,
                "lost or refused: %d; not built of the %d that had to be (the newest of each branch, and those alone on theirs): %d; builds: %d%n",
                lost,
                wanted.size(),
                missing,
                builds);
        return lost == 0 && missing == 0 && millis[millis.length * 99 / 100] < MOST_MILLIS;
    }

    /** @param wanted takes the commits that have to be built, whatever comes after them */
    private Result send(URI target, String body, int aSecond, int seconds, Set<String> wanted)
            throws InterruptedException {
        int count = aSecond * seconds;
        double[] millis = new double[count];
        ConcurrentHashMap<String, Integer> answers = new ConcurrentHashMap<>();
        CountDownLatch open = new CountDownLatch(count);
        Semaphore turns = new Semaphore(AT_ONCE);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = start + TimeUnit.SECONDS.toNanos(i) / aSecond;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            sent++;
            String commit = String.format(Locale.ROOT, "%010x%030x", sent, count);
            boolean alone = i % LONELY == LONELY - 1;
            if (alone || count == BRANCHES) {
                wanted.add(commit.substring(0, 10));
            }
            String branch = alone ? "alone-" + sent : "branch-" + i % BRANCHES;
            HttpRequest request = HttpRequest.newBuilder(target)
                    .timeout(Duration.ofSeconds(30))
                    .header("Content-Type", "application/json")
                    .header("X-Gitee-Event", "Push Hook")
                    .header("X-Gitee-Timestamp", String.valueOf(System.currentTimeMillis()))
                    .POST(HttpRequest.BodyPublishers.ofString(body.replace("refs/heads/master", "refs/heads/" + branch)
                            .replace("1c06e1a5f2c0a6a3b1f0c2d3e4f5061728394a5b", commit)))
                    .build();
            int at = i;
            turns.acquire();
            client.sendAsync(request, HttpResponse.BodyHandlers.discarding()).whenComplete((response, failure) -> {
                turns.release();
                millis[at] = (System.nanoTime() - due) / 1e6;
                answers.merge(
                        failure == null
                                ? String.valueOf(response.statusCode())
                                : root(failure).getClass().getSimpleName(),
                        1,
                        Integer::sum);
                open.countDown();
            });
        }
        open.await();
        return new Result(millis, new TreeMap<>(answers));
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** Waits until all commits are in the causes of builds; returns how many are not after a while. */
    private int missing(Set<String> wanted) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        int missing = wanted.size();
        while (missing > 0 && System.nanoTime() < end) {
            Thread.sleep(1_000);
            String builds = call(
                            "GET", "job/" + JOB + "/api/json?tree=allBuilds[actions[causes[shortDescription]]]", null)
                    .body();
            missing = (int)
                    wanted.stream().filter(commit -> !builds.contains(commit)).count();
        }
        return missing;
    }

    private HttpResponse<String> call(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofMinutes(1))
                .header("Authorization", login)
                .header("Content-Type", "application/xml")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            HttpResponse<String> crumb = client.send(
                    HttpRequest.newBuilder(URI.create(url + "crumbIssuer/api/json"))
                            .header("Authorization", login)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (crumb.statusCode() == 200) {
                JsonNode answer = JSON.readTree(crumb.body());
                request.header(
                        answer.path("crumbRequestField").asText(),
                        answer.path("crumb").asText());
            }
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
