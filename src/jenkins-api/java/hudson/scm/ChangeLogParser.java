package hudson.scm;

import hudson.model.Run;
import java.io.File;
import java.io.IOException;
import org.xml.sax.SAXException;

/** Reads the file that lists the changes of a build. */
public abstract class ChangeLogParser {
    @SuppressWarnings("rawtypes") // as declared by Jenkins
    public ChangeLogSet<? extends ChangeLogSet.Entry> parse(Run build, RepositoryBrowser<?> browser, File changelogFile)
            throws IOException, SAXException {
        throw new IllegalStateException("no parser");
    }
}
