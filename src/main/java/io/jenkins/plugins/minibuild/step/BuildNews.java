package io.jenkins.plugins.minibuild.step;

import java.io.IOException;
import java.util.Map;

/** An action of a build that adds facts and a picture to the build's messages. */
public interface BuildNews {
    /** The facts, none of them secret. */
    Map<Fact, String> newsFacts();

    /** The picture, JPEG or PNG; empty for none. */
    default byte[] newsPicture() throws IOException {
        return new byte[0];
    }
}
