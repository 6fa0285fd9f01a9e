package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.util.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The intake over a folder, with jobs that only note that they were started. */
final class IntakeFixture implements Targets {
    static final String SECRET = "Gitee-Secret-0042";
    static final String OWNER = "job:shop";

    final Path folder;
    final List<Start> started = new ArrayList<>();
    final EndpointStore endpoints;
    final DeliveryLog log;
    final Intake intake;
    final StartQueue starts;
    final String id;
    final String token;
    Instant now = Instant.ofEpochMilli(1_767_294_250_000L);
    TriggerFilter filter = everything();
    ProviderSecret secret = new ProviderSecret(null, Secret.fromString(SECRET));
    List<ProviderSecret> sharedSecrets = List.of();
    /** The job's own secret for deliveries at the shared address; null for none. */
    ProviderSecret ownAtShared;

    ClientAddress addresses = ClientAddress.rules("", "");
    int callsPerMinute = 1_000_000;
    boolean buildsAreStored = true;
    /** What the service says when it is asked. */
    Rights rights = (target, delivery) -> delivery;

    IntakeFixture(Path folder) throws IOException {
        this(folder, Runnable::run, 1 << 20);
    }

    /**
     * @param writer writes the deliveries
     * @param journalBytes how large the journal may grow before it is rewritten
     */
    IntakeFixture(Path folder, Executor writer, long journalBytes) throws IOException {
        this.folder = folder;
        Clock clock = new Clock() {
            @Override
            public java.time.ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
        endpoints = new EndpointStore(folder.resolve("endpoints.json"), new Random(7), clock);
        log = new DeliveryLog(folder, writer, journalBytes);
        intake = new Intake(this, (target, delivery) -> rights.ask(target, delivery), endpoints, log, clock);
        starts = new StartQueue(log, this::schedule);
        EndpointStore.Fresh fresh = endpoints.renew(OWNER, java.time.Duration.ZERO);
        id = fresh.id();
        token = fresh.token();
    }

    static TriggerFilter everything() {
        WebhookTrigger trigger = new WebhookTrigger();
        trigger.setTag(true);
        trigger.setOpened(true);
        trigger.setUpdated(true);
        trigger.setMerged(true);
        trigger.setCommentPhrase("/rebuild");
        trigger.setForks("always");
        trigger.setCommentAuthors("all");
        return trigger.filter();
    }

    /** A call at the endpoint, with the right token. */
    Answer call(Call call) {
        return call(call, id, token);
    }

    /** A call at the shared address if the path is empty. */
    Answer call(Call call, String... path) {
        try {
            Caller caller = intake.admit(call.caller().address(), "", List.of(path), Provider.of(call));
            Intake.Received received = intake.receive(new Call(caller, call.headers(), call.body()));
            List<CompletableFuture<String>> urls =
                    received.starts().stream().map(starts::add).toList();
            starts.run();
            StartQueue.addUrls(received.answer(), urls);
            return received.answer();
        } catch (RefusedException e) {
            return e.answer();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The status that a caller gets before it may send a body; 0 if it may. */
    int admit(String peer, String... path) {
        try {
            intake.admit(peer, "", List.of(path), Provider.GITEE);
            return 0;
        } catch (RefusedException e) {
            return e.answer().status();
        }
    }

    @Override
    public Rules rules() {
        return new Rules(addresses, callsPerMinute);
    }

    @Override
    public Optional<Target> of(String owner) {
        return Optional.of(target(secret));
    }

    private Target target(@CheckForNull ProviderSecret own) {
        return new Target(OWNER, "shop", filter, own, StartSettings.STANDARD, null);
    }

    @Override
    public List<Target> about(Delivery.Repository repository) {
        return repository.name().equals("acme/shop") ? List.of(target(ownAtShared)) : List.of();
    }

    @Override
    public List<ProviderSecret> secrets(Provider provider) {
        return sharedSecrets;
    }

    private String schedule(Start start, List<Long> merged) {
        started.add(start);
        if (buildsAreStored) {
            log.done(start.id(), Reason.QUEUED, "job/shop/1/");
        }
        return "queue/item/" + start.id().number() + "/";
    }

    static byte[] file(String name) throws IOException {
        return Files.readAllBytes(Path.of("src/test/resources/webhook", name + ".json"));
    }

    /** A call as the service sends it, rightly signed with the secret. */
    static Call signed(Provider provider, String event, byte[] body, String key, Instant now) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        switch (provider) {
            case GITEE -> {
                String timestamp = String.valueOf(now.toEpochMilli());
                headers.put("X-Gitee-Event", event);
                headers.put("X-Gitee-Timestamp", timestamp);
                headers.put(
                        "X-Gitee-Token",
                        base64(hmac(
                                key.getBytes(StandardCharsets.UTF_8),
                                (timestamp + "\n" + key).getBytes(StandardCharsets.UTF_8))));
            }
            case GITHUB -> {
                headers.put("X-GitHub-Event", event);
                headers.put(
                        "X-GitHub-Delivery",
                        java.util.UUID.nameUUIDFromBytes(body).toString());
                headers.put(
                        "X-Hub-Signature-256",
                        "sha256=" + HexFormat.of().formatHex(hmac(key.getBytes(StandardCharsets.UTF_8), body)));
            }
            case GITLAB -> {
                headers.put("X-Gitlab-Event", event);
                headers.put("X-Gitlab-Token", key);
                headers.put("X-Gitlab-Webhook-UUID", "13792a34-cac6-4fda-95a8-c58e00a3954e");
            }
            case AZURE ->
                headers.put("Authorization", "Basic " + base64(("azure:" + key).getBytes(StandardCharsets.UTF_8)));
        }
        return new Call(new Caller("192.0.2.7", null), headers, body);
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static byte[] hmac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text);
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
