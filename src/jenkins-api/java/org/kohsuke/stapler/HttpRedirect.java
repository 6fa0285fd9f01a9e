package org.kohsuke.stapler;

import edu.umd.cs.findbugs.annotations.NonNull;

/** Sends the browser elsewhere. */
public final class HttpRedirect extends RuntimeException implements HttpResponse {
    private static final long serialVersionUID = 1L;

    public HttpRedirect(@NonNull String url) {
        super(url);
    }
}
