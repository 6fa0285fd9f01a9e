package hudson.model;

import java.io.IOException;

/** Can be stored. */
public interface Saveable {
    void save() throws IOException;
}
