package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.UnprotectedRootAction;
import io.jenkins.plugins.minibuild.step.ResponseAdapter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/**
 * The address that services call: {@code /mini-build-webhook/} for all jobs, {@code /mini-build-webhook/ID/TOKEN} for one job or profile. Everybody
 * can reach it; the intake proves the sender. It answers POST only, and never with a page.
 */
@Extension
public final class WebhookEndpoint implements UnprotectedRootAction {
    static final String URL = "mini-build-webhook";

    private static final Logger LOGGER = Logger.getLogger(WebhookEndpoint.class.getName());
    private static final Bodies BODIES = new Bodies(Clock.systemUTC());
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

    /** A call at the shared address. */
    public void doIndex(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        doDynamic(request, response);
    }

    /** A call at the address in the rest of the path. */
    public void doDynamic(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        Answer answer;
        try {
            answer = answer(request);
        } catch (RefusedException e) {
            answer = e.answer();
        } catch (IOException e) {
            // The connection broke while the body came: there is nobody to answer.
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

    private static Answer answer(StaplerRequest2 request) throws IOException, RefusedException {
        if (!"POST".equals(request.getMethod())) {
            throw new RefusedException(HttpServletResponse.SC_METHOD_NOT_ALLOWED, "only POST is answered here");
        }
        WebhookIntakeAdapter.Opened opened = opened();
        String rest = request.getRestOfPath();
        String path = (rest == null ? "" : rest).replaceFirst("^/", "").replaceFirst("/$", "");
        Map<String, String> headers = headers(request);
        Caller caller = opened.intake()
                .admit(
                        request.getRemoteAddr(),
                        String.join(",", Collections.list(request.getHeaders("X-Forwarded-For"))),
                        path.isEmpty() ? List.of() : List.of(path.split("/", -1)),
                        Provider.of(new Call(new Caller("", null), headers, new byte[0])));
        return WebhookIntakeAdapter.receive(opened, new Call(caller, headers, body(request)));
    }

    private static WebhookIntakeAdapter.Opened opened() throws RefusedException {
        try {
            return WebhookIntakeAdapter.get().opened();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "A webhook call was refused", e);
            throw new RefusedException(
                    HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                    "the deliveries' files cannot be opened; try again later");
        }
    }

    private static Map<String, String> headers(HttpServletRequest request) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(name, request.getHeader(name));
        }
        return headers;
    }

    private static byte[] body(HttpServletRequest request) throws IOException, RefusedException {
        int most = WebhookConfiguration.get().getBodyMegabytes() << 20;
        if (request.getContentLengthLong() > most) {
            throw new RefusedException(TOO_LARGE, "the body is larger than " + (most >> 20) + " MB");
        }
        return BODIES.read(request.getInputStream(), most);
    }
}
