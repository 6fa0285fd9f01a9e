package hudson;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;

/** The proxy that an admin has set; none here. */
public final class ProxyConfiguration {
    private ProxyConfiguration() {}

    public static HttpClient.Builder newHttpClientBuilder() {
        return HttpClient.newBuilder();
    }

    public static HttpRequest.Builder newHttpRequestBuilder(URI uri) {
        return HttpRequest.newBuilder(uri);
    }
}
