package io.jenkins.plugins.minibuild.notify;

import hudson.Extension;
import hudson.model.UnprotectedRootAction;
import io.jenkins.plugins.minibuild.step.ResponseAdapter;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.verb.GET;

/**
 * Serves the pictures of messages without a login: DingTalk's clients show a picture only by its address, and never log in. The address cannot be guessed (122
 * random bits), is only in the message that shows the picture, and is valid for seven days at most.
 */
@Extension
public final class NotifyPictureAction implements UnprotectedRootAction {
    private static final String URL = "mini-build-picture";

    @Override
    public String getIconFileName() {
        return null;
    }

    @Override
    public String getDisplayName() {
        return null;
    }

    @Override
    public String getUrlName() {
        return URL;
    }

    /** The address of a picture, relative to Jenkins. */
    static String addressOf(String picture) {
        return URL + "/show?name=" + picture;
    }

    /** The picture. */
    @GET
    public void doShow(StaplerResponse2 response, @QueryParameter String name) throws IOException {
        byte[] picture = OutboxAdapter.get().outbox().pictures().read(name);
        if (picture.length == 0) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        response.setHeader("Referrer-Policy", "no-referrer");
        ResponseAdapter.picture(
                response, picture.length > 3 && picture[1] == 'P' ? "image/png" : "image/jpeg", picture);
    }
}
