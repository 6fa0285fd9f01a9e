package io.jenkins.plugins.minibuild.webhook;

import com.fasterxml.jackson.core.type.TypeReference;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.files.StoredFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Stores the endpoints and the digests of their tokens in one file. A token has 32 random characters, more than 190 bits: a plain SHA-256 of it
 * cannot be searched. Safe for use by several threads.
 */
final class EndpointStore {
    static final int TOKEN_LENGTH = 32;
    private static final int ID_LENGTH = 12;
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /**
     * The address of one job or profile.
     *
     * @param owner {@code job:NAME} or {@code profile:ID}
     * @param digest of the token
     * @param created milliseconds since 1970
     * @param previous digest of the token that was replaced; empty for none
     * @param until when the replaced token expires, milliseconds since 1970
     */
    record Endpoint(String owner, String digest, long created, String previous, long until) {
        Endpoint {
            Objects.requireNonNull(owner);
            Objects.requireNonNull(digest);
            Objects.requireNonNull(previous);
        }

        private Endpoint of(String other) {
            return new Endpoint(other, digest, created, previous, until);
        }
    }

    /** An endpoint with its token, which is shown once. */
    record Fresh(String id, String token) {}

    private final Path file;
    private final RandomGenerator random;
    private final Clock clock;
    private final Map<String, Endpoint> endpoints;

    /**
     * Reads the file. A damaged file is set aside; then there are no endpoints.
     *
     * @param random must be fit for secrets
     */
    EndpointStore(Path file, RandomGenerator random, Clock clock) throws IOException {
        this.file = file;
        this.random = random;
        this.clock = clock;
        this.endpoints = StoredFile.readOrSetAside(file, EndpointStore::parse).orElseGet(LinkedHashMap::new);
    }

    private static Map<String, Endpoint> parse(byte[] content) throws IOException {
        Map<String, Endpoint> read =
                Json.MAPPER.readValue(content, new TypeReference<LinkedHashMap<String, Endpoint>>() {});
        read.values().forEach(Objects::requireNonNull);
        return read;
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

    /** Whether this is the endpoint's token, or the replaced one before it expires. Takes the same time for every wrong token. */
    boolean isGood(Endpoint endpoint, String token) {
        String digest = Digest.sha256Hex(token);
        boolean current = Verifier.same(digest, endpoint.digest());
        boolean previous = Verifier.same(digest, endpoint.previous()) && clock.millis() < endpoint.until();
        return current | previous;
    }

    /**
     * Makes a token for an owner, and the endpoint if the owner has none.
     *
     * @param overlap how long the replaced token stays good
     */
    synchronized Fresh renew(String owner, Duration overlap) throws IOException {
        String id = idOf(owner);
        String token = word(TOKEN_LENGTH);
        Map<String, Endpoint> changed = new LinkedHashMap<>(endpoints);
        String name = id == null ? word(ID_LENGTH) : id;
        Endpoint before = endpoints.get(name);
        changed.put(
                name,
                new Endpoint(
                        owner,
                        Digest.sha256Hex(token),
                        clock.millis(),
                        before == null || overlap.isZero() ? "" : before.digest(),
                        before == null ? 0 : clock.millis() + overlap.toMillis()));
        store(changed);
        return new Fresh(name, token);
    }

    /** Ends the token that was replaced, before its time. */
    synchronized void revokeReplaced(String owner) throws IOException {
        String id = idOf(owner);
        if (id != null) {
            Endpoint before = endpoints.get(id);
            Map<String, Endpoint> changed = new LinkedHashMap<>(endpoints);
            changed.put(id, new Endpoint(owner, before.digest(), before.created(), "", 0));
            store(changed);
        }
    }

    /** The owners of all endpoints. */
    synchronized List<String> owners() {
        return endpoints.values().stream().map(Endpoint::owner).toList();
    }

    /** Removes an owner's endpoint. */
    synchronized void remove(String owner) throws IOException {
        Map<String, Endpoint> changed = new LinkedHashMap<>(endpoints);
        if (changed.values().removeIf(each -> each.owner().equals(owner))) {
            store(changed);
        }
    }

    /** Renames an owner, or all owners in a folder. */
    synchronized void rename(String from, String to) throws IOException {
        Map<String, Endpoint> changed = new LinkedHashMap<>(endpoints);
        changed.replaceAll((id, each) -> {
            String owner = each.owner();
            boolean inFolder = owner.startsWith(from + "/");
            return owner.equals(from) || inFolder ? each.of(to + owner.substring(from.length())) : each;
        });
        if (!changed.equals(endpoints)) {
            store(changed);
        }
    }

    private void store(Map<String, Endpoint> changed) throws IOException {
        StoredFile.replace(file, Json.bytes(changed));
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
