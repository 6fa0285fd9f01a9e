package org.kohsuke.stapler;

/** Common answers. */
public class HttpResponses {
    private HttpResponses() {}

    public static HttpRedirect redirectTo(String url) {
        return new HttpRedirect(url);
    }
}
