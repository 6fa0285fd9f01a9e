package io.jenkins.plugins.minibuild.notify;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.http.Http;
import io.jenkins.plugins.minibuild.process.Redactor;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.function.Function;

/** Sends one POST to a robot or a webhook and reads the result from the status and the body together. A result never holds the address, which has the robot's key. */
final class RobotCall {
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Duration SHORT_WAIT = Duration.ofSeconds(30);
    private static final int LONGEST_WORDS = 300;

    private final Destinations destinations;
    private final Destinations.Vendor vendor;
    private final Clock clock;
    private final String service;
    private Http http;
    private final Redactor redactor = new Redactor();

    /** @param service its name for people */
    RobotCall(Secrets secrets, Destinations.Vendor vendor, String service) {
        this.http = secrets.http();
        this.clock = secrets.clock();
        this.destinations = secrets.destinations();
        this.vendor = vendor;
        this.service = service;
    }

    /** The client for the address that was read last. */
    Http http() {
        return http;
    }

    Clock clock() {
        return clock;
    }

    /**
     * Reads the address from a credential.
     *
     * @throws MissingSecretException when it is none, or one to which the channel must not send
     */
    URI address(String secret) throws MissingSecretException {
        redactor.add(secret.strip());
        URI uri;
        try {
            uri = URI.create(secret.strip());
        } catch (IllegalArgumentException e) {
            throw new MissingSecretException(Messages.RobotCall_noAddress(service));
        }
        boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
        if (!web || uri.getHost() == null || uri.getUserInfo() != null || uri.getFragment() != null) {
            throw new MissingSecretException(Messages.RobotCall_noAddress(service));
        }
        mask(uri.getRawQuery());
        mask(uri.getRawPath());
        String[] parts = (uri.getRawPath() + "&" + uri.getRawQuery()).split("[/&=]");
        for (String part : parts) {
            if (part.length() >= 16) {
                redactor.add(part);
            }
        }
        if (!destinations.allows(vendor, uri)) {
            String own = String.join(", ", vendor.hosts());
            throw new MissingSecretException(
                    own.isEmpty()
                            ? Messages.RobotCall_noAddress(service)
                            : Messages.RobotCall_foreign(service, uri.getHost(), own));
        }
        http = destinations.client(uri, http);
        return uri;
    }

    /** Keeps a secret out of all results. */
    void mask(@CheckForNull String secret) {
        if (secret != null && secret.length() >= 8) {
            redactor.add(secret);
        }
    }

    /**
     * Posts to a service that answers with codes. Status and body are read together.
     *
     * @param note is added to the result of a message that was taken; may be empty
     */
    SendResult post(URI uri, JsonNode body, ServiceCodes codes, String note) throws InterruptedException {
        return sent(
                uri,
                Map.of(),
                Json.bytes(body),
                response -> judge(response, json(response), codes, note.isEmpty() ? "" : " " + note));
    }

    /** Posts to a receiver whose status is the result. */
    SendResult post(URI uri, Map<String, String> headers, byte[] body) throws InterruptedException {
        return sent(uri, headers, body, response -> {
            SendResult bad = byStatus(response, "");
            return bad == null ? SendResult.sent(service + ": HTTP " + response.status()) : bad;
        });
    }

    private SendResult sent(
            URI uri, Map<String, String> headers, byte[] body, Function<Http.Response, SendResult> judge)
            throws InterruptedException {
        try {
            return judge.apply(http.send("POST", uri, headers, body, "application/json; charset=utf-8"));
        } catch (IOException e) {
            // Its message names the address.
            if (!destinations.isTrusted(uri)) {
                return SendResult.failed(Messages.RobotCall_notPublic(service, uri.getHost()));
            }
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return SendResult.failed(Messages.RobotCall_unreachable(
                    service, uri.getHost(), words(cause.getClass().getSimpleName() + ": " + cause.getMessage())));
        }
    }

    @CheckForNull
    private static JsonNode json(Http.Response response) {
        try {
            return response.json();
        } catch (IOException e) {
            return null;
        }
    }

    private SendResult judge(Http.Response response, @CheckForNull JsonNode answer, ServiceCodes codes, String note) {
        Long code = answer == null ? null : codes.code(answer);
        String said = answer == null ? "" : codes.words(answer);
        if (code != null && code != 0) {
            ServiceCodes.Meaning meaning = codes.meaning(code, said, response.status());
            Duration asked = retryAfter(response);
            String text = coded(code, said, meaning.advice().get());
            // A gateway that answers 429 means it, whatever it puts into the body.
            boolean limited = meaning.kind() == SendResult.Kind.LIMITED || response.status() == 429;
            Duration wait = asked.compareTo(meaning.pause()) > 0 ? asked : meaning.pause();
            return new SendResult(
                    limited ? SendResult.Kind.LIMITED : meaning.kind(),
                    text,
                    limited && wait.isZero() ? SHORT_WAIT : wait);
        }
        SendResult bad = byStatus(response, said);
        if (bad != null) {
            return bad;
        }
        if (answer == null) {
            return SendResult.broken(Messages.RobotCall_noJson(service) + " " + Messages.RobotCall_checkAddress());
        }
        return code == null
                ? SendResult.broken(coded(0, "", Messages.RobotCall_checkAddress()))
                : SendResult.sent(coded(0, said, "") + note);
    }

    /**
     * The result of a status alone; null for 2xx.
     *
     * @param said the service's own words; nothing else of an answer is shown
     */
    @CheckForNull
    private SendResult byStatus(Http.Response response, String said) {
        int status = response.status();
        if (status / 100 == 2) {
            return null;
        }
        if (status == 429) {
            Duration wait = retryAfter(response);
            return SendResult.limited(
                    Messages.RobotCall_limited(service, Integer.toString(status)), wait.isZero() ? SHORT_WAIT : wait);
        }
        String words = words(said);
        String text = Messages.RobotCall_status(service, Integer.toString(status), words.isEmpty() ? "-" : words);
        if (status >= 500 || status == 408) {
            return new SendResult(SendResult.Kind.FAILED, text, retryAfter(response));
        }
        return status == 400 || status == 413 || status == 415 || status == 422
                ? SendResult.refused(text)
                : SendResult.broken(text + " " + Messages.RobotCall_checkAddress());
    }

    /** The words of a service, cut, without secrets. */
    String words(@CheckForNull String text) {
        return text == null
                ? ""
                : ByteLimit.cut(redactor.redact(text).replaceAll("\\s+", " ").strip(), LONGEST_WORDS);
    }

    /** The text of a result: the service's own code, its words and an advice. */
    String coded(long code, @CheckForNull String words, String advice) {
        return Messages.RobotCall_coded(service, Long.toString(code), words(words))
                + (advice.isEmpty() ? "" : " " + advice);
    }

    private Duration retryAfter(Http.Response response) {
        String header = response.header("retry-after");
        if (header == null) {
            return Duration.ZERO;
        }
        Duration wait;
        try {
            wait = Duration.ofSeconds(Long.parseLong(header.strip()));
        } catch (NumberFormatException e) {
            try {
                Instant until = ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                wait = Duration.between(clock.instant(), until);
            } catch (DateTimeException other) {
                return Duration.ZERO;
            }
        }
        return wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }
}
