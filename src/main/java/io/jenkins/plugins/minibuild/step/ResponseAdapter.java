package io.jenkins.plugins.minibuild.step;

import io.jenkins.plugins.minibuild.files.Json;
import java.io.IOException;
import org.kohsuke.stapler.StaplerResponse2;

/** Answers requests with data; browsers show it as nothing else. */
public final class ResponseAdapter {
    private ResponseAdapter() {}

    /**
     * Answers with JSON.
     *
     * @param value a tree, a record or a map
     */
    public static void json(StaplerResponse2 response, Object value) throws IOException {
        send(response, "application/json", Json.bytes(value));
    }

    /**
     * Answers with text that is not kept.
     *
     * @param type such as {@code text/plain}
     * @param bytes in UTF-8
     */
    public static void send(StaplerResponse2 response, String type, byte[] bytes) throws IOException {
        headers(response, type);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    /** The headers of {@link #send}, for text that is written piece by piece. */
    public static void headers(StaplerResponse2 response, String type) {
        response.setContentType(type + ";charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", "sandbox; default-src 'none'");
    }

    /** Answers with a picture, which the browser may keep for an hour. */
    public static void picture(StaplerResponse2 response, String type, byte[] bytes) throws IOException {
        response.setContentType(type);
        response.setHeader("Cache-Control", "private, max-age=3600");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
