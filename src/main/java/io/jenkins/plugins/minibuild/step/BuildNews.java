package io.jenkins.plugins.minibuild.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.util.Map;

/** Implemented by an action of a build: what people who are told of the build should know besides how it ended. */
public interface BuildNews {
    /**
     * Values of a message, never a secret: {@code version}, {@code branch}, {@code commit}, {@code author}, {@code commitMessage}, {@code kind},
     * {@code qrUrl}, {@code expires} and {@code details} are shown. {@code qrUrl} is relative to the build.
     */
    Map<String, String> newsFacts();

    /** A picture that belongs to it, JPEG or PNG; null or empty for none. */
    @CheckForNull
    byte[] newsPicture() throws IOException;
}
