package hudson.plugins.git;

import java.io.Serializable;
import org.eclipse.jgit.lib.ObjectId;

/** A commit. */
public class Revision implements Serializable, Cloneable {
    private static final long serialVersionUID = 1L;

    private final ObjectId sha1;

    public Revision(ObjectId sha1) {
        this.sha1 = sha1;
    }

    public String getSha1String() {
        return sha1 == null ? "" : sha1.name();
    }

    @Override
    public Revision clone() {
        return new Revision(sha1);
    }
}
