package hudson.scm;

import hudson.model.Run;
import hudson.model.User;
import java.util.Collection;

/** The changes of a build. */
public abstract class ChangeLogSet<T extends ChangeLogSet.Entry> implements Iterable<T> {
    private final Run<?, ?> run;
    private final RepositoryBrowser<?> browser;

    protected ChangeLogSet(Run<?, ?> run, RepositoryBrowser<?> browser) {
        this.run = run;
        this.browser = browser;
    }

    public Run<?, ?> getRun() {
        return run;
    }

    public RepositoryBrowser<?> getBrowser() {
        return browser;
    }

    public abstract boolean isEmptySet();

    public String getKind() {
        return null;
    }

    /** One change. */
    public abstract static class Entry {
        @SuppressWarnings("rawtypes") // as declared by Jenkins
        private ChangeLogSet parent;

        @SuppressWarnings("rawtypes") // as declared by Jenkins
        public ChangeLogSet getParent() {
            return parent;
        }

        @SuppressWarnings("rawtypes") // as declared by Jenkins
        protected void setParent(ChangeLogSet parent) {
            this.parent = parent;
        }

        public String getCommitId() {
            return null;
        }

        public long getTimestamp() {
            return -1;
        }

        public abstract String getMsg();

        public abstract User getAuthor();

        public abstract Collection<String> getAffectedPaths();

        public Collection<? extends AffectedFile> getAffectedFiles() {
            throw new UnsupportedOperationException();
        }

        public String getMsgAnnotated() {
            return getMsg();
        }
    }

    /** A file of a change. */
    public interface AffectedFile {
        String getPath();

        EditType getEditType();
    }
}
