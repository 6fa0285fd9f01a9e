package io.jenkins.plugins.minibuild.diff;

import hudson.AbortException;

/** A diff that does not follow git's grammar to the end, or does not agree with git's own list of files. The message is for users. */
public final class UnreadableDiffException extends AbortException {
    private static final long serialVersionUID = 1L;

    /** @param line of the diff, from 1 */
    UnreadableDiffException(int line, String expected) {
        super(Messages.UnreadableDiffException_line(String.valueOf(line), expected));
    }

    /** @param file as people are shown its name */
    UnreadableDiffException(String file, String difference) {
        super(Messages.UnreadableDiffException_file(file, difference));
    }
}
