package io.jenkins.plugins.minibuild.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Takes calls: who is it, what does it say, what is to be started. Nothing is read from a body before its sender is known. A start is on
 * disk before it is answered, and happens after the answer. Safe for use by several threads.
 */
final class Intake {
    /** The owner of what comes in at the shared address and is about no job. */
    static final String SHARED = "shared";

    /** For how long a repetition of a call that started something is recognised. */
    private static final Duration REMEMBERED = Duration.ofHours(24);
    /** For how long an answer waits for the address in the queue. */
    private static final Duration QUEUE_PATIENCE = Duration.ofMillis(80);

    private static final Logger LOGGER = Logger.getLogger(Intake.class.getName());

    private final Targets targets;
    private final EndpointStore endpoints;
    private final DeliveryStore deliveries;
    private final IntakeLog log;
    private final Clock clock;
    private final CallLimits limits;
    private final Cache<String, Boolean> seen = CacheBuilder.newBuilder()
            .maximumSize(IntakeLog.MOST_KEYS)
            .expireAfterWrite(REMEMBERED)
            .build();

    Intake(Targets targets, EndpointStore endpoints, DeliveryStore deliveries, IntakeLog log, Clock clock) {
        this.targets = targets;
        this.endpoints = endpoints;
        this.deliveries = deliveries;
        this.log = log;
        this.clock = clock;
        this.limits = new CallLimits(clock);
        log.keys().forEach(key -> seen.put(key, true));
    }

    /** What an earlier run of the controller promised and did not do. */
    List<Start> leftOver() {
        List<Start> starts = new ArrayList<>();
        for (Map.Entry<Long, String> each : log.pending().entrySet()) {
            try {
                starts.add(
                        JsonBody.MAPPER.readValue(each.getValue(), Start.class).withId(each.getKey()));
            } catch (JsonProcessingException e) {
                LOGGER.log(Level.WARNING, "A promised start cannot be read and is dropped", e);
                log.done(each.getKey());
            }
        }
        return starts;
    }

    /** A start became a build, was cancelled, or will never be. */
    void done(Start start, Reason reason, String build) {
        log.done(start.id());
        deliveries.change(start.owner(), start.record(), record -> record.withReason(reason)
                .withBuild(build));
    }

    /** Refuses before the body is read; null when it may be. */
    @CheckForNull
    Answer refuse(String peer, String forwarded) {
        Targets.Rules rules = targets.rules();
        String address = rules.addresses().of(peer, forwarded);
        if (!rules.addresses().isAllowed(address)) {
            return Answer.refused(403, "calls from this address are not allowed");
        }
        if (limits.isBlocked(address) || !limits.isWithin("address " + address, rules.callsPerMinute())) {
            return Answer.refused(429, "too many calls from this address; try again in a minute");
        }
        return null;
    }

    /** The client's address by the rules of the moment. */
    String client(String peer, String forwarded) {
        return targets.rules().addresses().of(peer, forwarded);
    }

    /** Refuses a wrong token before the body is read; null when it is right. */
    @CheckForNull
    Answer refuseToken(String client, String id, String token) {
        Optional<EndpointStore.Endpoint> endpoint = endpoints.find(id);
        if (endpoint.isEmpty()) {
            limits.failed(client);
            return Answer.refused(404, "there is no such endpoint");
        }
        if (!endpoints.isGood(endpoint.get(), token)) {
            limits.failed(client);
            return Answer.refused(401, "the token in the address is wrong, or was replaced");
        }
        return null;
    }

    /** A call at an endpoint of its own. */
    Answer atEndpoint(Call call, String id, String token) {
        Answer refusal = refuseToken(call.address(), id, token);
        Optional<EndpointStore.Endpoint> endpoint = endpoints.find(id);
        if (refusal != null || endpoint.isEmpty()) {
            return refusal == null ? Answer.refused(404, "there is no such endpoint") : refusal;
        }
        if (!limits.isWithin("endpoint " + id, targets.rules().callsPerMinute())) {
            return Answer.refused(429, "too many calls for this endpoint; try again in a minute");
        }
        Optional<Target> target = targets.of(endpoint.get().owner());
        if (target.isEmpty()) {
            return Answer.refused(404, "what the endpoint belonged to is gone");
        }
        Provider provider = Provider.of(call);
        ProviderSecret secret = target.get().secret();
        if (secret != null && !Verifier.isGood(provider, call, secret, clock.instant())) {
            limits.failed(call.address());
            keep(
                    target.get().owner(),
                    call,
                    provider,
                    null,
                    null,
                    secret,
                    new Decision(Reason.UNAUTHENTICATED, provider.title()));
            return unauthenticated(provider);
        }
        return read(
                call,
                provider,
                secret,
                delivery -> List.of(target.get()),
                target.get().owner());
    }

    /** A call at the address that all share. */
    Answer atShared(Call call) {
        Provider provider = Provider.of(call);
        ProviderSecret proven = null;
        for (ProviderSecret each : targets.secrets(provider)) {
            if (Verifier.isGood(provider, call, each, clock.instant())) {
                proven = each;
            }
        }
        if (proven == null) {
            limits.failed(call.address());
            return unauthenticated(provider);
        }
        return read(call, provider, proven, targets::about, SHARED);
    }

    private static Answer unauthenticated(Provider provider) {
        return Answer.refused(401, "the secret or signature of " + provider.title() + " is missing or wrong");
    }

    /** Finds out which targets a delivery is about. */
    private interface Finder {
        List<Target> find(Delivery delivery);
    }

    private Answer read(
            Call call, Provider provider, @CheckForNull ProviderSecret secret, Finder finder, String owner) {
        String type = call.mediaType();
        boolean form = provider == Provider.GITHUB && type.equals("application/x-www-form-urlencoded");
        if (!type.equals("application/json") && !form) {
            return Answer.refused(415, "the content type has to be application/json");
        }
        JsonNode json = null;
        List<Delivery> told;
        try {
            json = JsonBody.read(call.body(), type);
            told = provider.reader().readAll(Verifier.key(provider, call), provider.event(call), new Payload(json));
        } catch (PayloadException e) {
            keep(owner, call, provider, json, null, secret, new Decision(Reason.NOT_FORMAT, e.getMessage()));
            return Answer.refused(422, "this is not the format of " + provider.title() + ": " + e.getMessage());
        }
        // All are about one repository.
        Delivery first = told.get(0);
        List<Target> found = finder.find(first);
        if (found.isEmpty()) {
            Decision none = first.kind() == EventKind.PING
                    ? Decision.of(Reason.PING)
                    : new Decision(Reason.NO_MATCH, first.repository());
            keep(owner, call, provider, json, first, secret, none);
            return Answer.of(200, "ignored", none.reason().text(none.detail()));
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (Delivery delivery : told) {
            for (Target target : found) {
                outcomes.add(decide(call, provider, target, delivery));
            }
        }
        for (Outcome each : outcomes) {
            each.record = keep(each.target.owner(), call, provider, json, each.delivery, secret, each.decision);
        }
        return start(outcomes);
    }

    /** What is decided for one target. */
    private static final class Outcome {
        private final Target target;
        private final Delivery delivery;
        private final String key;
        private final Decision decision;
        private long record;

        Outcome(Target target, Delivery delivery, String key, Decision decision) {
            this.target = target;
            this.delivery = delivery;
            this.key = key;
            this.decision = decision;
        }
    }

    private Outcome decide(Call call, Provider provider, Target target, Delivery delivery) {
        String key = target.owner() + " " + delivery.key();
        ProviderSecret own = target.secret();
        if (own != null && !Verifier.isGood(provider, call, own, clock.instant())) {
            // At the shared address: the job asks for more than the address does.
            return new Outcome(target, delivery, key, new Decision(Reason.UNAUTHENTICATED, provider.title()));
        }
        Decision decision = target.decide(delivery);
        if (decision.builds() && seen.asMap().putIfAbsent(key, true) != null) {
            decision = Decision.of(Reason.DUPLICATE);
        }
        return new Outcome(target, delivery, key, decision);
    }

    /** Somebody with the permission for it repeats a delivery; it is decided anew. */
    Answer again(Target target, Delivery delivery, String key) {
        Delivery repeated = delivery.withKey(key);
        Outcome outcome = new Outcome(target, repeated, target.owner() + " " + key, target.decide(repeated));
        outcome.record = deliveries.add(
                target.owner(),
                new DeliveryRecord(
                        0,
                        clock.millis(),
                        delivery.provider(),
                        delivery.event(),
                        repeated,
                        "",
                        outcome.decision.reason(),
                        outcome.decision.detail(),
                        "",
                        "",
                        0),
                () -> "");
        return start(List.of(outcome));
    }

    private Answer start(List<Outcome> outcomes) {
        List<Outcome> building =
                outcomes.stream().filter(each -> each.decision.builds()).toList();
        List<Start> starts;
        try {
            starts = promise(building);
        } catch (IOException e) {
            building.forEach(each -> {
                seen.invalidate(each.key);
                deliveries.change(each.target.owner(), each.record, record -> record.withReason(Reason.CANCELLED));
            });
            if (e instanceof IntakeLog.FullException) {
                return Answer.refused(429, "too many deliveries wait; try again later");
            }
            LOGGER.log(Level.WARNING, "A delivery could not be stored, so it was not taken", e);
            return Answer.refused(503, "the delivery could not be stored; try again later");
        }
        List<CompletableFuture<String>> queued =
                starts.stream().map(targets::start).toList();
        Decision first = outcomes.get(0).decision;
        Answer answer = starts.isEmpty()
                ? Answer.of(200, "ignored", first.reason().text(first.detail()))
                : Answer.of(
                        202,
                        "queued",
                        Reason.QUEUED.text(building.get(0).delivery.branch()));
        long end = System.nanoTime() + QUEUE_PATIENCE.toNanos();
        for (int i = 0; i < starts.size(); i++) {
            ObjectNode build = answer.body().withArray("builds").addObject();
            build.put("job", starts.get(i).job());
            String url = urlOf(queued.get(i), end);
            if (!url.isEmpty()) {
                build.put("queueUrl", url);
            }
        }
        return answer;
    }

    private List<Start> promise(List<Outcome> building) throws IOException {
        if (building.isEmpty()) {
            return List.of();
        }
        List<Start> starts = new ArrayList<>();
        List<IntakeLog.Promise> promises = new ArrayList<>();
        for (Outcome each : building) {
            Start start = new Start(
                    0,
                    each.target.owner(),
                    each.record,
                    each.target.job(),
                    each.delivery.brief(),
                    each.target.settings());
            starts.add(start);
            promises.add(new IntakeLog.Promise(each.key, JsonBody.MAPPER.writeValueAsString(start)));
        }
        List<Long> ids = log.promise(promises);
        for (int i = 0; i < starts.size(); i++) {
            starts.set(i, starts.get(i).withId(ids.get(i)));
        }
        return starts;
    }

    private static String urlOf(CompletableFuture<String> queued, long end) {
        try {
            return queued.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // It starts all the same, only later than the answer can wait.
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private long keep(
            String owner,
            Call call,
            Provider provider,
            @CheckForNull JsonNode json,
            @CheckForNull Delivery delivery,
            @CheckForNull ProviderSecret secret,
            Decision decision) {
        boolean kept = json != null && call.body().length <= DeliveryStore.LONGEST_PAYLOAD;
        String known = secret == null ? null : secret.text();
        String event = delivery == null ? CleanText.line(provider.event(call), 100) : delivery.event();
        return deliveries.add(
                owner,
                new DeliveryRecord(
                        0,
                        clock.millis(),
                        provider,
                        event,
                        delivery,
                        call.address(),
                        decision.reason(),
                        CleanText.line(decision.detail(), Delivery.LONGEST_LINE),
                        "",
                        "",
                        call.body().length),
                () -> kept ? JsonBody.withoutSecrets(json, known).toString() : "");
    }
}
