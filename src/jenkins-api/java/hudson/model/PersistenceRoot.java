package hudson.model;

import java.io.File;

/** Has a folder of its own. */
public interface PersistenceRoot extends Saveable {
    File getRootDir();
}
