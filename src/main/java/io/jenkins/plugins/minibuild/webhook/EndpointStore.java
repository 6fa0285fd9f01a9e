package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The endpoints and the digests of their tokens, in one file that is replaced as a whole. A token has 32 random characters, more than 190
 * bits: a plain SHA-256 of it cannot be searched. Safe for use by several threads.
 */
final class EndpointStore {
    static final int TOKEN_LENGTH = 32;
    private static final int ID_LENGTH = 12;
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /**
     * An endpoint.
     *
     * @param owner {@code job:NAME} or {@code profile:NAME}
     * @param digest of the token
     * @param created milliseconds since 1970
     * @param previous digest of the token before; empty for none
     * @param until when that one ends, milliseconds since 1970
     */
    record Endpoint(String owner, String digest, long created, String previous, long until) {}

    /** An endpoint with its token, which is told once. */
    record Fresh(String id, String token) {}

    private final Path file;
    private final RandomGenerator random;
    private final Clock clock;
    private final Map<String, Endpoint> endpoints;

    /**
     * Reads the file.
     *
     * @param random has to be fit for secrets
     */
    EndpointStore(Path file, RandomGenerator random, Clock clock) throws IOException {
        this.file = file;
        this.random = random;
        this.clock = clock;
        this.endpoints = Files.exists(file)
                ? JsonBody.MAPPER.readValue(
                        Files.readAllBytes(file),
                        JsonBody.MAPPER
                                .getTypeFactory()
                                .constructMapType(LinkedHashMap.class, String.class, Endpoint.class))
                : new LinkedHashMap<>();
    }

    synchronized Optional<Endpoint> find(String id) {
        return Optional.ofNullable(endpoints.get(id));
    }

    /** The id of an owner's endpoint; null if it has none. */
    @CheckForNull
    synchronized String idOf(String owner) {
        return endpoints.entrySet().stream()
                .filter(each -> each.getValue().owner().equals(owner))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    /** Whether the token is the endpoint's, or its last one within the overlap. Takes the same time for every wrong one. */
    boolean isGood(Endpoint endpoint, String token) {
        String digest = Verifier.sha256(token.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        boolean current = Verifier.same(digest, endpoint.digest());
        boolean previous = Verifier.same(digest, endpoint.previous()) && clock.millis() < endpoint.until();
        return current | previous;
    }

    /**
     * Makes a token for an owner; the first one makes its endpoint too.
     *
     * @param overlap how long the token before stays good
     */
    synchronized Fresh renew(String owner, Duration overlap) throws IOException {
        String id = idOf(owner);
        String token = word(TOKEN_LENGTH);
        String digest = Verifier.sha256(token.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Map<String, Endpoint> changed = new LinkedHashMap<>(endpoints);
        String name = id == null ? word(ID_LENGTH) : id;
        Endpoint before = endpoints.get(name);
        changed.put(
                name,
                new Endpoint(
                        owner,
                        digest,
                        clock.millis(),
                        before == null || overlap.isZero() ? "" : before.digest(),
                        before == null ? 0 : clock.millis() + overlap.toMillis()));
        store(changed);
        return new Fresh(name, token);
    }

    /** Takes an owner's endpoint away. */
    synchronized void remove(String owner) throws IOException {
        Map<String, Endpoint> changed = new LinkedHashMap<>(endpoints);
        if (changed.values().removeIf(each -> each.owner().equals(owner))) {
            store(changed);
        }
    }

    /** An owner, or a folder of owners, has another name now. */
    synchronized void rename(String from, String to) throws IOException {
        Map<String, Endpoint> changed = new LinkedHashMap<>(endpoints);
        changed.replaceAll((id, each) -> {
            String owner = each.owner();
            boolean below = owner.startsWith(from + "/");
            return owner.equals(from) || below
                    ? new Endpoint(
                            to + owner.substring(from.length()),
                            each.digest(),
                            each.created(),
                            each.previous(),
                            each.until())
                    : each;
        });
        if (!changed.equals(endpoints)) {
            store(changed);
        }
    }

    private void store(Map<String, Endpoint> changed) throws IOException {
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.write(fresh, JsonBody.MAPPER.writeValueAsBytes(changed));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        endpoints.clear();
        endpoints.putAll(changed);
    }

    private String word(int length) {
        StringBuilder word = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            word.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return word.toString();
    }
}
