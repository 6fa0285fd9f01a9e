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
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends deliveries to a controller at an even rate, whatever it answers, and looks whether the newest of every branch was built. Times count
 * from the moment a delivery was due, so a client or a controller that falls behind shows.
 */
public final class WebhookBenchmark {
    private static final int A_SECOND = 500;
    private static final int SECONDS = 60;
    private static final int BRANCHES = 8;
    private static final double MOST_MILLIS = 200;
    private static final String JOB = "mini-build-benchmark";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(new CookieManager())
            .build();
    private final String url;
    private final String login;

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
            try (RealController controller = RealController.start(root)) {
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
        send(target, body, 200, 3);
        boolean good = measure(target, body);
        call("POST", "job/" + JOB + "/doDelete", "");
        return good;
    }

    /** What came back. */
    private record Result(double[] millis, Map<String, Integer> answers, String[] newest) {}

    private boolean measure(URI target, String body) throws Exception {
        Result result = send(target, body, A_SECOND, SECONDS);
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
        int lost = millis.length - result.answers().getOrDefault("202", 0);
        int missing = missing(result.newest());
        int builds = call("GET", "job/" + JOB + "/api/json?tree=allBuilds[number]", null)
                        .body()
                        .split("\"number\"")
                        .length
                - 1;
        System.out.printf(
                Locale.ROOT,
                "lost or refused: %d; branches whose newest delivery was not built: %d of %d; builds: %d (the others were merged)%n",
                lost,
                missing,
                BRANCHES,
                builds);
        return lost == 0 && missing == 0 && millis[millis.length * 99 / 100] < MOST_MILLIS;
    }

    private Result send(URI target, String body, int aSecond, int seconds) throws InterruptedException {
        int count = aSecond * seconds;
        double[] millis = new double[count];
        ConcurrentHashMap<String, Integer> answers = new ConcurrentHashMap<>();
        String[] newest = new String[BRANCHES];
        CountDownLatch open = new CountDownLatch(count);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = start + TimeUnit.SECONDS.toNanos(i) / aSecond;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            String commit = String.format(Locale.ROOT, "%010x%030x", i + 1, count);
            newest[i % BRANCHES] = commit;
            HttpRequest request = HttpRequest.newBuilder(target)
                    .timeout(Duration.ofSeconds(30))
                    .header("Content-Type", "application/json")
                    .header("X-Gitee-Event", "Push Hook")
                    .header("X-Gitee-Timestamp", String.valueOf(System.currentTimeMillis()))
                    .POST(HttpRequest.BodyPublishers.ofString(
                            body.replace("refs/heads/master", "refs/heads/branch-" + i % BRANCHES)
                                    .replace("1c06e1a5f2c0a6a3b1f0c2d3e4f5061728394a5b", commit)))
                    .build();
            int at = i;
            client.sendAsync(request, HttpResponse.BodyHandlers.discarding()).whenComplete((response, failure) -> {
                millis[at] = (System.nanoTime() - due) / 1e6;
                answers.merge(
                        failure == null
                                ? String.valueOf(response.statusCode())
                                : failure.getClass().getSimpleName(),
                        1,
                        Integer::sum);
                open.countDown();
            });
        }
        open.await();
        return new Result(millis, new TreeMap<>(answers), newest);
    }

    /** Waits until nothing is queued or runs, then looks for the newest commits in the builds' causes. */
    private int missing(String[] newest) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        int missing = newest.length;
        while (missing > 0 && System.nanoTime() < end) {
            Thread.sleep(1_000);
            String causes = call(
                            "GET", "job/" + JOB + "/api/json?tree=allBuilds[actions[causes[shortDescription]]]", null)
                    .body();
            JsonNode builds = JSON.readTree(causes).path("allBuilds");
            missing = 0;
            for (String commit : newest) {
                missing += builds.toString().contains(commit.substring(0, 10)) ? 0 : 1;
            }
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
