package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.UnprotectedRootAction;
import io.jenkins.plugins.minibuild.step.ResponseAdapter;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/**
 * Where services call: {@code /mini-build-webhook/} for all, {@code /mini-build-webhook/ID/TOKEN} for one job or profile. Everybody can
 * reach it; who a caller is the intake finds out. Answers POST only, and never with a page.
 */
@Extension
public final class WebhookEndpoint implements UnprotectedRootAction {
    static final String URL = "mini-build-webhook";

    private static final Logger LOGGER = Logger.getLogger(WebhookEndpoint.class.getName());
    /** Bodies above this size are read few at a time. */
    private static final int LARGE_BYTES = 1 << 20;

    private static final Semaphore LARGE = new Semaphore(3);
    private static final int TOO_LARGE = 413;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;

    @Override
    @CheckForNull
    public String getIconFileName() {
        return null;
    }

    @Override
    @CheckForNull
    public String getDisplayName() {
        return null;
    }

    @Override
    public String getUrlName() {
        return URL;
    }

    /** A call at the address that all share. */
    public void doIndex(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        doDynamic(request, response);
    }

    /** A call at an address of its own, which is the rest of the path. */
    public void doDynamic(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        Answer answer;
        try {
            answer = answer(request);
        } catch (IOException e) {
            // The connection broke while the body came: nobody is there to be answered.
            throw e;
        } catch (RuntimeException e) {
            // Its message may repeat what was sent.
            LOGGER.log(Level.WARNING, "A webhook call failed; this is an error of Mini Build", e);
            answer = Answer.refused(SERVER_ERROR, "an error of Mini Build; the log of Jenkins has more");
        }
        response.setStatus(answer.status());
        if (answer.status() == HttpServletResponse.SC_METHOD_NOT_ALLOWED) {
            response.setHeader("Allow", "POST");
        }
        if (answer.status() == TOO_MANY) {
            response.setHeader("Retry-After", "60");
        }
        ResponseAdapter.json(response, answer.body());
    }

    private static Answer answer(StaplerRequest2 request) throws IOException {
        if (!"POST".equals(request.getMethod())) {
            return Answer.refused(HttpServletResponse.SC_METHOD_NOT_ALLOWED, "only POST is answered here");
        }
        Intake intake = WebhookIntakeAdapter.get().intake();
        String peer = request.getRemoteAddr();
        String forwarded = forwarded(request);
        Answer refusal = intake.refuse(peer, forwarded);
        if (refusal != null) {
            return refusal;
        }
        String rest = request.getRestOfPath();
        String[] path = (rest == null ? "" : rest)
                .replaceFirst("^/", "")
                .replaceFirst("/$", "")
                .split("/", -1);
        boolean shared = path.length == 1 && path[0].isEmpty();
        String client = intake.client(peer, forwarded);
        if (!shared) {
            refusal = path.length == 2
                    ? intake.refuseToken(client, path[0], path[1])
                    : Answer.refused(HttpServletResponse.SC_NOT_FOUND, "there is no such endpoint");
            if (refusal != null) {
                return refusal;
            }
        }
        int most = WebhookConfiguration.get().getBodyMegabytes() << 20;
        if (request.getContentLengthLong() > most) {
            return tooLarge(most);
        }
        boolean small = request.getContentLengthLong() >= 0 && request.getContentLengthLong() <= LARGE_BYTES;
        if (!small && !isTurn()) {
            return Answer.refused(TOO_MANY, "too many large bodies at once; try again in a minute");
        }
        try {
            Optional<byte[]> body = body(request, most);
            if (body.isEmpty()) {
                return tooLarge(most);
            }
            Call call = new Call(client, headers(request), body.get());
            return shared ? intake.atShared(call) : intake.atEndpoint(call, path[0], path[1]);
        } finally {
            if (!small) {
                LARGE.release();
            }
        }
    }

    /** Waits a moment for its turn. */
    private static boolean isTurn() {
        try {
            return LARGE.tryAcquire(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Answer tooLarge(int most) {
        return Answer.refused(TOO_LARGE, "the body is larger than " + (most >> 20) + " MB");
    }

    private static String forwarded(HttpServletRequest request) {
        return String.join(",", Collections.list(request.getHeaders("X-Forwarded-For")));
    }

    private static Map<String, String> headers(HttpServletRequest request) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(name, request.getHeader(name));
        }
        return headers;
    }

    /** Empty when there is more. */
    private static Optional<byte[]> body(HttpServletRequest request, int most) throws IOException {
        ByteArrayOutputStream bytes =
                new ByteArrayOutputStream((int) Math.max(1024, Math.min(request.getContentLengthLong(), most)));
        ServletInputStream in = request.getInputStream();
        byte[] chunk = new byte[8192];
        int count;
        while ((count = in.read(chunk)) >= 0) {
            if (bytes.size() + count > most) {
                return Optional.empty();
            }
            bytes.write(chunk, 0, count);
        }
        return Optional.of(bytes.toByteArray());
    }
}
