package io.jenkins.plugins.minibuild.checkout;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import hudson.model.User;
import hudson.scm.ChangeLogSet;
import hudson.scm.EditType;
import hudson.scm.RepositoryBrowser;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.springframework.security.core.AuthenticationException;

/** The list of changes of a build, newest first, as Jenkins' pages and steps ask for it. */
public final class ChangesAdapter extends ChangeLogSet<ChangesAdapter.Entry> {
    private final List<Entry> entries;

    ChangesAdapter(Run<?, ?> run, @CheckForNull RepositoryBrowser<?> browser, List<ListedCommit> commits) {
        super(run, browser);
        this.entries = commits.stream().map(each -> new Entry(this, each)).toList();
    }

    @Override
    public boolean isEmptySet() {
        return entries.isEmpty();
    }

    @Override
    public Iterator<Entry> iterator() {
        return entries.iterator();
    }

    @Override
    public String getKind() {
        return "git";
    }

    /** The commits, newest first. */
    public List<Entry> getLogs() {
        return entries;
    }

    /** A commit. All text in it is from outside. */
    public static final class Entry extends ChangeLogSet.Entry {
        private final ListedCommit commit;

        Entry(ChangesAdapter parent, ListedCommit commit) {
            this.commit = commit;
            setParent(parent);
        }

        @Override
        public String getCommitId() {
            return commit.id();
        }

        /** The first ten digits of the id. */
        public String getShortId() {
            return commit.id().substring(0, Math.min(10, commit.id().length()));
        }

        @Override
        public long getTimestamp() {
            return commit.time();
        }

        /** The time by ISO 8601. */
        public String getDate() {
            return Instant.ofEpochMilli(commit.time()).toString();
        }

        /** The first line of the message. */
        @Override
        public String getMsg() {
            return commit.subject();
        }

        /** The whole message. */
        public String getComment() {
            return commit.message();
        }

        public String getAuthorName() {
            return commit.author();
        }

        public String getAuthorEmail() {
            return commit.email();
        }

        /** The user of that name, whom Jenkins makes up if there is none. A name is no proof of who it was. */
        @Override
        public User getAuthor() {
            try {
                return User.isIdOrFullnameAllowed(commit.author())
                        ? User.getOrCreateByIdOrFullName(commit.author())
                        : User.getUnknown();
            } catch (AuthenticationException e) {
                // Whoever looks may not look users up.
                return User.getUnknown();
            }
        }

        @Override
        public Collection<String> getAffectedPaths() {
            return commit.files().stream().map(ListedCommit.File::path).toList();
        }

        @Override
        public Collection<File> getAffectedFiles() {
            return commit.files().stream().map(File::new).toList();
        }

        /** The commit's page at the service; null if it has none. */
        @CheckForNull
        public String getLink() throws IOException {
            return getParent().getBrowser() instanceof CommitBrowserAdapter pages
                            && pages.getChangeSetLink(this) != null
                    ? String.valueOf(pages.getChangeSetLink(this))
                    : null;
        }
    }

    /** A file that a commit changes. */
    public static final class File implements ChangeLogSet.AffectedFile {
        private final ListedCommit.File file;

        File(ListedCommit.File file) {
            this.file = file;
        }

        @Override
        public String getPath() {
            return file.path();
        }

        @Override
        public EditType getEditType() {
            return switch (file.kind()) {
                case "A" -> EditType.ADD;
                case "D" -> EditType.DELETE;
                default -> EditType.EDIT;
            };
        }
    }
}
