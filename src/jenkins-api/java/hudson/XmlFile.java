package hudson;

import java.io.File;

/** A file in which Jenkins stores an object. */
public final class XmlFile {
    private final File file;

    public XmlFile(File file) {
        this.file = file;
    }

    public File getFile() {
        return file;
    }
}
