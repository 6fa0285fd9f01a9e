package hudson.model;

import org.kohsuke.stapler.HttpResponse;

/** An error page for a user's mistake. */
public class Failure extends RuntimeException implements HttpResponse {
    private static final long serialVersionUID = 1L;

    public Failure(String message) {
        super(message);
    }
}
