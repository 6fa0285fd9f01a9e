package io.jenkins.plugins.minibuild.planted.review;

import java.net.http.HttpClient;

/** Breaks: HTTP goes through http. */
public final class PlantedRequest {
    HttpClient client() {
        return HttpClient.newHttpClient();
    }
}
