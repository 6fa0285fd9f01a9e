package io.jenkins.plugins.minibuild.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Receives calls: proves the sender, reads the delivery, decides for each job, and stores the starts. The body is not read before the sender is
 * proven. The starts are on the disk when {@link #receive} returns; the caller makes them happen. Safe for use by several threads.
 */
final class Intake {
    /** The owner of deliveries at the shared address that are about no job. */
    static final String SHARED = "shared";

    /** How long the intake recognises a repetition of a call that started a job. */
    private static final Duration REMEMBERED = Duration.ofHours(24);

    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int UNSUPPORTED_TYPE = 415;
    private static final int UNREADABLE = 422;
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    private static final Logger LOGGER = Logger.getLogger(Intake.class.getName());

    /**
     * A call that was received.
     *
     * @param starts to make happen now, in the order of the answer's {@code builds}; may be empty
     */
    record Received(Answer answer, List<Start> starts) {}

    private final Targets targets;
    private final Rights rights;
    private final EndpointStore endpoints;
    private final DeliveryLog log;
    private final Clock clock;
    private final CallLimits limits;
    private final Cache<String, Boolean> seen = CacheBuilder.newBuilder()
            .maximumSize(StartJournal.MOST_KEYS)
            .expireAfterWrite(REMEMBERED)
            .build();

    Intake(Targets targets, Rights rights, EndpointStore endpoints, DeliveryLog log, Clock clock) {
        this.targets = targets;
        this.rights = rights;
        this.endpoints = endpoints;
        this.log = log;
        this.clock = clock;
        this.limits = new CallLimits(clock);
        log.keys().forEach(key -> seen.put(key, true));
    }

    /**
     * Decides whether a caller may send a body.
     *
     * @param peer the address that opened the connection
     * @param forwarded the header {@code X-Forwarded-For}; empty if there is none
     * @param path the endpoint's id and token; empty for the shared address
     * @param provider who it seems to be
     */
    Caller admit(String peer, String forwarded, List<String> path, Provider provider) throws RefusedException {
        Targets.Rules rules = targets.rules();
        String address = rules.addresses().of(peer, forwarded);
        if (!rules.addresses().isAllowed(address)) {
            throw new RefusedException(FORBIDDEN, "calls from this address are not allowed");
        }
        if (path.isEmpty()) {
            return new Caller(address, null);
        }
        if (path.size() != 2) {
            throw new RefusedException(NOT_FOUND, "there is no such endpoint");
        }
        Optional<EndpointStore.Endpoint> endpoint = endpoints.find(path.get(0));
        if (endpoint.isEmpty()) {
            throw bad(address, NOT_FOUND, "there is no such endpoint");
        }
        if (!endpoints.isGood(endpoint.get(), path.get(1))) {
            keepWrongToken(address, endpoint.get().owner(), provider);
            throw bad(address, UNAUTHORIZED, "the token in the address is wrong, or was replaced");
        }
        checkLimit("endpoint " + path.get(0), rules);
        return new Caller(address, endpoint.get().owner());
    }

    /** One row a minute, so that whoever knows the address without its token cannot wash out the rows of good calls. */
    private void keepWrongToken(String address, String owner, Provider provider) {
        if (limits.isWithin("wrong token " + owner, 1)) {
            Delivery.Event event = new Delivery.Event(provider, EventKind.UNREADABLE, "", "");
            log.add(
                    owner,
                    new DeliveryRecord(
                            0,
                            clock.millis(),
                            address,
                            Delivery.of(event),
                            Decision.of(Reason.WRONG_TOKEN),
                            "",
                            new DeliveryRecord.Body("", 0)),
                    () -> "");
        }
    }

    /** Only calls whose sender is proven count: those of a stranger must not use up the calls of others, who may have the same address. */
    private void checkLimit(String what, Targets.Rules rules) throws RefusedException {
        if (!limits.isWithin(what, rules.callsPerMinute())) {
            throw new RefusedException(TOO_MANY, "too many calls for this endpoint; try again in a minute");
        }
    }

    /** The answer to a call without a valid proof. Many of them get a shorter answer; a good call from the same address is taken all the same. */
    private RefusedException bad(String address, int status, String reason) {
        return limits.isWithin("bad " + address, CallLimits.FAILURES)
                ? new RefusedException(status, reason)
                : new RefusedException(TOO_MANY, "too many wrong calls from this address");
    }

    /** Receives a call. The starts in the result are on the disk. */
    Received receive(Call call) throws RefusedException {
        Provider provider = Provider.of(call);
        if (call.caller().owner() == null) {
            List<ProviderSecret> proven = targets.secrets(provider).stream()
                    .filter(each -> Verifier.isGood(provider, call, each, clock.instant()))
                    .toList();
            if (proven.isEmpty()) {
                throw unproven(call, provider);
            }
            checkLimit("shared " + provider + " " + call.caller().address(), targets.rules());
            return receive(call, new Proof(provider.event(call), proven, SHARED), null);
        }
        Target target = targets.of(call.caller().owner())
                .orElseThrow(() ->
                        new RefusedException(NOT_FOUND, "the job or profile of this endpoint does not exist any more"));
        Proof proof = new Proof(
                provider.event(call), target.secret() == null ? List.of() : List.of(target.secret()), target.owner());
        if (target.secret() != null && !Verifier.isGood(provider, call, target.secret(), clock.instant())) {
            Decision refusal = new Decision(Reason.UNAUTHENTICATED, provider.title());
            keep(call, null, proof, Delivery.of(proof.event().as(EventKind.UNREADABLE)), refusal);
            throw unproven(call, provider);
        }
        return receive(call, proof, target);
    }

    private RefusedException unproven(Call call, Provider provider) {
        boolean unnamed =
                provider == Provider.AZURE && call.header("Authorization").isEmpty();
        return bad(
                call.caller().address(),
                UNAUTHORIZED,
                unnamed ? Provider.UNNAMED : "the secret or signature of " + provider.title() + " is missing or wrong");
    }

    /**
     * Who sent a call.
     *
     * @param secrets that the sender knows, and that are taken out of what is kept
     * @param owner of the record when the delivery is about no job, or cannot be read
     */
    private record Proof(Delivery.Event event, List<ProviderSecret> secrets, String owner) {
        Proof of(String other) {
            return new Proof(event, secrets, other);
        }
    }

    /** @param own the endpoint's target; null to look for targets by the repository */
    private Received receive(Call call, Proof proof, @CheckForNull Target own) throws RefusedException {
        Provider provider = proof.event().provider();
        String type = call.mediaType();
        boolean form = provider == Provider.GITHUB && type.equals("application/x-www-form-urlencoded");
        if (!type.equals("application/json") && !form) {
            throw new RefusedException(UNSUPPORTED_TYPE, "the content type has to be application/json");
        }
        JsonNode json = null;
        List<Delivery> deliveries;
        try {
            json = JsonBody.read(call.body(), type);
            deliveries = provider.reader().read(proof.event(), new Payload(json));
        } catch (PayloadException e) {
            Delivery unreadable = Delivery.of(proof.event().as(EventKind.UNREADABLE));
            keep(call, json, proof, unreadable, new Decision(Reason.NOT_FORMAT, e.getMessage()));
            throw new RefusedException(
                    UNREADABLE,
                    e.getMessage().startsWith(Provider.UNNAMED)
                            ? e.getMessage()
                            : "this is not the format of " + provider.title() + ": " + e.getMessage());
        }
        // All deliveries of a call are about one repository.
        Delivery first = deliveries.get(0);
        if (own == null && proof.secrets().stream().noneMatch(each -> each.proves(first.repository()))) {
            keep(
                    call,
                    json,
                    proof,
                    first,
                    new Decision(Reason.FOREIGN, first.repository().name()));
            throw new RefusedException(FORBIDDEN, "this secret is not for this repository");
        }
        List<Target> found = own == null ? targets.about(first.repository()) : List.of(own);
        if (found.isEmpty()) {
            Decision none = first.kind() == EventKind.PING
                    ? Decision.of(Reason.PING)
                    : new Decision(Reason.NO_MATCH, first.repository().name());
            keep(call, json, proof, first, none);
            return ignored(none);
        }
        List<Start> starts = new ArrayList<>();
        Decision firstDecision = null;
        for (Delivery given : deliveries) {
            for (Target target : found) {
                Decided decided = decide(call, target, given);
                Delivery delivery = decided.delivery();
                Decision decision = decided.decision();
                firstDecision = firstDecision == null ? decision : firstDecision;
                long record = own == null
                        ? keepShared(call, json, proof.of(target.owner()), delivery, decision, target)
                        : keep(call, json, proof.of(target.owner()), delivery, decision);
                if (decision.builds()) {
                    starts.add(start(target, delivery, record));
                }
            }
        }
        return starts.isEmpty() ? ignored(firstDecision) : queued(starts);
    }

    /** A decision, and the delivery with what the service said about it. */
    private record Decided(Delivery delivery, Decision decision) {}

    private Decided decide(Call call, Target target, Delivery delivery) {
        Provider provider = delivery.event().provider();
        if (target.secret() != null && !Verifier.isGood(provider, call, target.secret(), clock.instant())) {
            // The call came to the shared address, and the job has a secret of its own.
            return new Decided(delivery, new Decision(Reason.UNAUTHENTICATED, provider.title()));
        }
        Decided decided = decide(target, delivery);
        boolean repeated = decided.decision().builds()
                && seen.asMap().putIfAbsent(Start.key(target.owner(), delivery), true) != null;
        return repeated ? new Decided(decided.delivery(), Decision.of(Reason.DUPLICATE)) : decided;
    }

    /** Decides; asks the service where the delivery alone does not say enough. */
    private Decided decide(Target target, Delivery delivery) {
        Decision decision = target.decide(delivery);
        if (decision.reason() != Reason.RIGHTS) {
            return new Decided(delivery, decision);
        }
        try {
            Delivery asked = rights.ask(target, delivery);
            return new Decided(asked, target.decide(asked));
        } catch (IOException e) {
            return new Decided(delivery, new Decision(Reason.RIGHTS, String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Decided(delivery, decision);
        }
    }

    /**
     * Decides a delivery again, for a person who has the permission.
     *
     * @param key differs from the keys of all other deliveries
     */
    Received again(Target target, Delivery delivery, String key) throws RefusedException {
        Decided decided = decide(target, delivery.withKey(key));
        Delivery repeated = decided.delivery();
        Decision decision = decided.decision();
        long record = log.add(
                target.owner(),
                new DeliveryRecord(0, clock.millis(), "", repeated, decision, "", new DeliveryRecord.Body("", 0)),
                () -> "");
        return decision.builds() ? queued(List.of(start(target, repeated, record))) : ignored(decision);
    }

    private static Start start(Target target, Delivery delivery, long record) {
        return new Start(new Start.Id(0, target.owner(), record), target.job(), delivery.brief(), target.settings());
    }

    private static Received ignored(Decision decision) {
        return new Received(Answer.of(OK, "ignored", decision.text()), List.of());
    }

    private Received queued(List<Start> starts) throws RefusedException {
        List<Start> stored;
        try {
            stored = log.store(starts);
        } catch (IOException e) {
            starts.forEach(each -> seen.invalidate(each.key()));
            if (e instanceof StartJournal.FullException) {
                throw new RefusedException(TOO_MANY, "too many deliveries wait; try again later");
            }
            LOGGER.log(Level.WARNING, "A delivery could not be stored, so it was refused", e);
            throw new RefusedException(UNAVAILABLE, "the delivery could not be stored; try again later");
        }
        Answer answer = Answer.of(
                ACCEPTED,
                "queued",
                Reason.QUEUED.text(starts.stream()
                        .map(each -> each.delivery().name())
                        .distinct()
                        .collect(Collectors.joining(", "))));
        stored.forEach(each -> answer.body().withArray("builds").addObject().put("job", each.job()));
        return new Received(answer, stored);
    }

    /**
     * Keeps a delivery from the shared address on the page of a job: with its body only where the job's own secret is proven. Who may configure a job can name any
     * repository in it.
     */
    private long keepShared(
            Call call, JsonNode json, Proof proof, Delivery delivery, Decision decision, Target target) {
        if (decision.reason() == Reason.UNAUTHENTICATED) {
            return keep(call, null, proof, Delivery.of(proof.event().as(EventKind.UNREADABLE)), decision);
        }
        return keep(call, target.secret() == null ? null : json, proof, delivery, decision);
    }

    /** @param json the body; null when it is not kept */
    private long keep(Call call, @CheckForNull JsonNode json, Proof proof, Delivery delivery, Decision decision) {
        int size = call.body().length;
        boolean kept = json != null && size <= DeliveryLog.LONGEST_PAYLOAD;
        List<String> known = proof.secrets().stream().map(ProviderSecret::text).toList();
        return log.add(
                proof.owner(),
                new DeliveryRecord(
                        0,
                        clock.millis(),
                        call.caller().address(),
                        delivery,
                        decision,
                        "",
                        new DeliveryRecord.Body("", size)),
                () -> kept ? JsonBody.withoutSecrets(json, known).toString() : "");
    }
}
