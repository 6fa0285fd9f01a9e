package io.jenkins.plugins.minibuild.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.util.Secret;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mutated calls through the whole intake: no error of ours, no start without a proof, bounded memory and disk. */
class IntakeFuzzTest {
    private static final long SEED = 20_260_101L;
    private static final List<String> HEADERS = List.of(
            "X-Gitee-Event",
            "X-Gitee-Token",
            "X-Gitee-Timestamp",
            "X-GitHub-Event",
            "X-GitHub-Delivery",
            "X-Hub-Signature-256",
            "X-Gitlab-Event",
            "X-Gitlab-Token",
            "webhook-id",
            "webhook-signature",
            "webhook-timestamp",
            "Authorization",
            "Content-Type");

    @TempDir
    Path folder;

    private record Seed(Provider provider, String event, byte[] body) {}

    private static List<Seed> seeds() throws IOException {
        List<Seed> seeds = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("src/test/resources/webhook"), "*.json")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                Provider provider = name.startsWith("gitee")
                        ? Provider.GITEE
                        : name.startsWith("gitlab") ? Provider.GITLAB : Provider.AZURE;
                String event = name.contains("note")
                        ? "Note Hook"
                        : name.contains("merge")
                                ? "Merge Request Hook"
                                : name.contains("tag") ? "Tag Push Hook" : "Push Hook";
                seeds.add(new Seed(provider, event, Files.readAllBytes(file)));
            }
        }
        seeds.sort(java.util.Comparator.comparing(seed -> new String(seed.body(), StandardCharsets.UTF_8)));
        byte[] gitHub =
                ("{\"ref\":\"refs/heads/main\",\"after\":\"1c06e1a5f2c0a6a3b1f0c2d3e4f5061728394a5b\",\"repository\":"
                                + "{\"full_name\":\"acme/shop\",\"clone_url\":\"https://github.com/acme/shop.git\"},\"commits\":[{\"id\":\"1\","
                                + "\"added\":[\"a\"]}],\"head_commit\":{\"message\":\"m\",\"author\":{\"name\":\"lin\"}}}")
                        .getBytes(StandardCharsets.UTF_8);
        for (String event : List.of("push", "pull_request", "issue_comment", "ping")) {
            seeds.add(new Seed(Provider.GITHUB, event, gitHub));
        }
        return seeds;
    }

    @Test
    void tenThousandMutatedCallsDoNoHarm() throws Exception {
        fuzz(10_000);
    }

    @Test
    @Tag("slow")
    void aHundredThousandMutatedCallsDoNoHarm() throws Exception {
        fuzz(100_000);
    }

    private void fuzz(int calls) throws Exception {
        System.out.println("seed of the fuzz test: " + SEED);
        Random random = new Random(SEED);
        IntakeFixture fixture = new IntakeFixture(folder, task -> {}, 1 << 20);
        fixture.sharedSecrets = List.of(fixture.secret);
        List<Seed> seeds = seeds();
        TreeMap<Integer, Integer> statuses = new TreeMap<>();
        int startedWithProof = 0;
        long memory = 0;
        for (int i = 0; i < calls; i++) {
            Seed seed = seeds.get(random.nextInt(seeds.size()));
            fixture.secret = new ProviderSecret(
                    seed.provider() == Provider.AZURE ? "azure" : null, Secret.fromString(IntakeFixture.SECRET));
            fixture.sharedSecrets = List.of(fixture.secret);
            byte[] body = mutated(seed.body(), random);
            boolean proof = random.nextInt(4) > 0;
            Call signed = IntakeFixture.signed(
                    seed.provider(), seed.event(), body, proof ? IntakeFixture.SECRET : "guess " + i, fixture.now);
            Call call = withHeaders(signed, random);
            // The address must not be blocked for its many failures.
            fixture.now = fixture.now.plusSeconds(2);
            int before = fixture.started.size();
            Answer answer = random.nextBoolean()
                    ? fixture.call(call, new String[0])
                    : fixture.call(
                            call,
                            random.nextInt(50) == 0 ? text(random) : fixture.id,
                            random.nextInt(20) == 0 ? text(random) : fixture.token);
            statuses.merge(answer.status(), 1, Integer::sum);
            assertThat(answer.status()).as("call " + i).isIn(200, 202, 401, 404, 415, 422, 429);
            if (fixture.started.size() > before) {
                // Whether the headers were changed or not, they have to prove the secret.
                assertThat(Verifier.isGood(Provider.of(call), call, fixture.secret, fixture.now))
                        .as("call " + i)
                        .isTrue();
                startedWithProof++;
            }
            if (i % 1_000 == 0) {
                fixture.log.flush();
            }
            if (i == calls / 4) {
                memory = used();
                fixture.started.clear();
            }
        }
        fixture.started.clear();
        fixture.log.flush();
        long grown = used() - memory;
        System.out.println("answers: " + statuses + ", started: " + startedWithProof + ", memory grown by "
                + (grown >> 10) + " KB, disk " + (size(folder) >> 10) + " KB");
        assertThat(startedWithProof).isGreaterThan(calls / 100);
        assertThat(statuses).containsKeys(200, 202, 401, 415, 422);
        assertThat(grown).isLessThan(64 << 20);
        // Two owners with at most 100 deliveries of at most 256 KB, and the log.
        assertThat(size(folder)).isLessThan(60 << 20);
        assertThat(Files.list(folder.resolve("deliveries")).count()).isLessThanOrEqualTo(2);
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static byte[] mutated(byte[] seed, Random random) {
        byte[] body = seed.clone();
        return switch (random.nextInt(14)) {
            case 0 -> body;
            case 1 -> Arrays.copyOf(body, random.nextInt(body.length));
            case 2 ->
                ("[".repeat(random.nextInt(5_000)) + new String(body, StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8);
            case 3 ->
                new String(body, StandardCharsets.UTF_8)
                        .replaceFirst("\"", "\"x\":" + "{\"a\":".repeat(random.nextInt(300)) + "1,\"")
                        .getBytes(StandardCharsets.UTF_8);
            case 4 ->
                new String(body, StandardCharsets.UTF_8)
                        .getBytes(Charset.forName(List.of("UTF-16", "UTF-16LE", "UTF-32", "ISO-8859-1", "GBK")
                                .get(random.nextInt(5))));
            case 5 -> new byte[0];
            case 6 -> {
                byte[] noise = new byte[random.nextInt(2_000)];
                random.nextBytes(noise);
                yield noise;
            }
            case 7 ->
                value(
                        body,
                        random,
                        List.of("null", "[]", "{}", "-1", "1e999", "true", "\"\"", "99999999999999999999999"));
            case 8 ->
                value(
                        body,
                        random,
                        List.of(
                                "\"" + "x".repeat(random.nextInt(50_000)) + "\"",
                                "\"\\u0000\\ud800\\u202e\"",
                                "\"<img src=x onerror=alert(1)>\""));
            case 9 ->
                new String(body, StandardCharsets.UTF_8)
                        .replace(
                                "refs/heads/",
                                List.of("refs/", "", "refs/heads/../", "refs/heads/-x")
                                        .get(random.nextInt(4)))
                        .getBytes(StandardCharsets.UTF_8);
            case 10 -> {
                byte[] twice = Arrays.copyOf(body, body.length * 2);
                System.arraycopy(body, 0, twice, body.length, body.length);
                yield twice;
            }
            case 11 ->
                new String(body, StandardCharsets.UTF_8)
                        .replaceFirst("\\{", "{\"run\":" + random.nextInt() + ",")
                        .getBytes(StandardCharsets.UTF_8);
            default -> {
                for (int n = random.nextInt(8); n >= 0; n--) {
                    body[random.nextInt(body.length)] = (byte) random.nextInt(256);
                }
                yield body;
            }
        };
    }

    /** Puts something else in the place of one value. */
    private static byte[] value(byte[] body, Random random, List<String> values) {
        String text = new String(body, StandardCharsets.UTF_8);
        int colon = text.indexOf("\": ", random.nextInt(text.length()));
        if (colon < 0) {
            return body;
        }
        int end = text.indexOf('\n', colon);
        boolean comma = end > 0 && text.charAt(end - 1) == ',';
        return (text.substring(0, colon + 3)
                        + values.get(random.nextInt(values.size()))
                        + (comma ? "," : "")
                        + text.substring(Math.max(end, colon + 3)))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Call withHeaders(Call call, Random random) {
        Map<String, String> headers = new LinkedHashMap<>();
        HEADERS.forEach(name -> {
            if (!call.header(name).isEmpty()) {
                headers.put(name, call.header(name));
            }
        });
        switch (random.nextInt(8)) {
            case 0 -> headers.remove(new ArrayList<>(headers.keySet()).get(random.nextInt(headers.size())));
            case 1 -> headers.put(HEADERS.get(random.nextInt(HEADERS.size())), text(random));
            case 2 ->
                headers.put(
                        "Content-Type",
                        List.of("application/x-www-form-urlencoded", "text/plain", "application/json;;;", "")
                                .get(random.nextInt(4)));
            default -> {
                // As they are.
            }
        }
        return new Call(call.caller(), headers, call.body());
    }

    private static String text(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> "x".repeat(random.nextInt(10_000));
            case 2 -> "Basic " + "%".repeat(random.nextInt(10));
            default ->
                random.ints(random.nextInt(60), 32, 0x2000)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
        };
    }
}
