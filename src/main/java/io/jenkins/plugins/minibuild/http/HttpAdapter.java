package io.jenkins.plugins.minibuild.http;

import hudson.ProxyConfiguration;
import java.time.Duration;

/** Makes clients that use the proxy which an administrator has set for Jenkins. */
public final class HttpAdapter {
    private HttpAdapter() {}

    /** A client with the limits of {@link Http#over(java.net.http.HttpClient.Builder)}. */
    public static Http http() {
        return Http.over(ProxyConfiguration.newHttpClientBuilder());
    }

    /** A client with limits of its own, see {@link Http#over(java.net.http.HttpClient.Builder, Duration, int)}. */
    public static Http http(Duration deadline, int mostBytes) {
        return Http.over(ProxyConfiguration.newHttpClientBuilder(), deadline, mostBytes);
    }
}
