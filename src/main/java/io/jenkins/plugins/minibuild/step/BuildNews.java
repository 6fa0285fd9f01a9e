package io.jenkins.plugins.minibuild.step;

import java.io.IOException;
import java.util.Map;

/** An action of a build that adds facts and a picture to the build's messages. */
public interface BuildNews {
    /** The facts, none of them secret. */
    Map<Fact, String> newsFacts();

    /**
     * The facts of each program by its name, for news about programs; empty for other news. A message is about one of them; {@link #newsFacts} is then not
     * asked.
     */
    default Map<String, Map<Fact, String>> newsOfPrograms() {
        return Map.of();
    }

    /**
     * The last picture, JPEG or PNG; empty for none.
     *
     * @param program the name of the program that it has to be of; empty for any
     */
    default byte[] newsPicture(String program) throws IOException {
        return new byte[0];
    }
}
