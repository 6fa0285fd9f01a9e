package jenkins.model;

import java.io.IOException;

/** Can be read back. */
public interface Loadable {
    void load() throws IOException;
}
