package io.jenkins.plugins.minibuild.planted.review;

import io.jenkins.plugins.minibuild.forge.MergeRequests;
import java.io.IOException;

/** Breaks: text of others reaches a service through forge.ServiceText. */
public final class PlantedPost {
    void tell(MergeRequests requests, String words) throws IOException, InterruptedException {
        requests.comment(1, words);
    }
}
