package io.jenkins.plugins.minibuild.diff;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Kind;
import io.jenkins.plugins.minibuild.diff.UnifiedDiff.Side;
import java.nio.charset.StandardCharsets;

/**
 * The grammar of a patch as {@code git diff --no-renames --no-color} prints it, line by line. Everything in the plugin that reads a diff reads it here. A line
 * ends with a line feed and with nothing else: a file may hold any other separator. How long a hunk is, its header says, so that nothing in a file can end
 * it. Each line has to be consumed; what has no place in the grammar is refused. For one diff, on one thread.
 *
 * @see <a href="https://git-scm.com/docs/diff-format#generate_patch_text_with_p">the format of patches</a>
 */
final class DiffReader {
    /** What is told of a diff, in its order. */
    interface Events {
        /** A file begins. */
        void file(String path, Side before, Side after);

        /** The file that began last is binary: the patch has no lines of it. */
        void binary();

        /** A hunk of the file begins. */
        void hunk();

        /**
         * A line of the hunk, or a piece of one that is longer than the reader's caller keeps. The bytes may be used only until it returns.
         *
         * @param oldNumber 0 if it was added
         * @param newNumber 0 if it was removed
         * @param from the first byte behind the sign
         */
        void line(Kind kind, int oldNumber, int newNumber, byte[] bytes, int from, int to);

        /** The line that was told last has no line feed at its end. */
        void unended();
    }

    private enum State {
        /** Between files. */
        OUTSIDE,
        /** In the lines before the hunks. */
        HEADER,
        /** {@code +++} is next. */
        SECOND_NAME,
        /** A hunk is next, or another file. */
        HUNKS,
        IN_HUNK,
        /** A block of {@code GIT binary patch} is next. */
        BINARY_BLOCK,
        BINARY_LINES,
        /** The file has no more lines. */
        DONE
    }

    private static final byte[] DIFF = ascii("diff --git ");
    private static final String ABSENT = "/dev/null";

    private final Events events;
    private State state = State.OUTSIDE;
    private int number;

    private String path;
    private int oldMode;
    private int newMode;
    private String oldId;
    private String newId;
    private boolean told;
    private boolean headerComplete;
    private boolean modified;
    private int blocks;

    private int oldLeft;
    private int newLeft;
    private int oldNumber;
    private int newNumber;
    private Kind kind;
    private boolean continuing;
    private boolean oldUnended;
    private boolean newUnended;
    private boolean markable;

    DiffReader(Events events) {
        this.events = events;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** How many lines were taken. */
    int number() {
        return number;
    }

    /** Whether what comes next is content of a file, and may be given in pieces. */
    boolean isInHunk() {
        return state == State.IN_HUNK && (oldLeft > 0 || newLeft > 0 || continuing);
    }

    /**
     * Takes the next line.
     *
     * @param to behind its last byte; its line feed is not part of it
     * @param more whether this is only a piece of it, and the next one follows
     */
    void line(byte[] bytes, int from, int to, boolean more) throws UnreadableDiffException {
        if (continuing) {
            tell(bytes, from, to);
            continuing = more;
            return;
        }
        number++;
        if (isInHunk()) {
            inHunk(bytes, from, to);
            continuing = more;
            return;
        }
        if (more) {
            throw wrong("a shorter line");
        }
        if (markable && begins(bytes, from, to, "\\ ")) {
            unended();
            return;
        }
        markable = false;
        if (state == State.BINARY_BLOCK || state == State.BINARY_LINES) {
            binary(bytes, from, to);
        } else if (begins(bytes, from, to, DIFF)) {
            finishFile();
            begin(bytes, from + DIFF.length, to);
        } else {
            switch (state) {
                case HEADER -> header(bytes, from, to);
                case SECOND_NAME -> secondName(text(bytes, from, to));
                case HUNKS, IN_HUNK -> hunk(bytes, from, to);
                default -> throw wrong("\"diff --git\"");
            }
        }
    }

    /** Ends the diff. */
    void finish() throws UnreadableDiffException {
        if (continuing || isInHunk()) {
            number++;
            throw wrong("the rest of the hunk");
        }
        if (state == State.BINARY_BLOCK || state == State.BINARY_LINES) {
            number++;
            throw wrong("the rest of the binary patch");
        }
        finishFile();
    }

    private UnreadableDiffException wrong(String expected) {
        return new UnreadableDiffException(number, expected);
    }

    private static boolean begins(byte[] bytes, int from, int to, String with) {
        return begins(bytes, from, to, ascii(with));
    }

    private static boolean begins(byte[] bytes, int from, int to, byte[] with) {
        if (to - from < with.length) {
            return false;
        }
        for (int i = 0; i < with.length; i++) {
            if (bytes[from + i] != with[i]) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] bytes, int from, int to) {
        return ExactText.decode(bytes, from, to);
    }

    // ---- a file

    private void begin(byte[] bytes, int from, int to) throws UnreadableDiffException {
        path = path(text(bytes, from, to));
        oldMode = 0;
        newMode = 0;
        oldId = "";
        newId = "";
        told = false;
        headerComplete = false;
        modified = true;
        blocks = 0;
        oldUnended = false;
        newUnended = false;
        state = State.HEADER;
    }

    /** Of {@code a/NAME b/NAME}, in quotes where the name holds anything unusual; without renames both names are the same. */
    private String path(String names) throws UnreadableDiffException {
        int half = names.length() / 2;
        if (names.length() % 2 != 0 && names.charAt(half) == ' ') {
            String first = GitName.unquoted(names.substring(0, half));
            String second = GitName.unquoted(names.substring(half + 1));
            if (first != null
                    && second != null
                    && first.startsWith("a/")
                    && second.startsWith("b/")
                    && first.length() > 2
                    && first.substring(2).equals(second.substring(2))) {
                return first.substring(2);
            }
        }
        throw wrong("the same name twice, behind a/ and b/");
    }

    private void header(byte[] bytes, int from, int to) throws UnreadableDiffException {
        String line = text(bytes, from, to);
        if (line.startsWith("--- ") && headerComplete) {
            tellFile();
            boolean absent = oldMode == 0;
            if (!named(line.substring(4), "a/", absent)) {
                throw wrong("\"--- " + (absent ? ABSENT : "a/" + VisibleText.name(path)) + "\"");
            }
            state = State.SECOND_NAME;
        } else if (line.startsWith("Binary files ") && line.endsWith(" differ") && headerComplete) {
            tellFile();
            events.binary();
            state = State.DONE;
        } else if (line.equals("GIT binary patch") && headerComplete) {
            tellFile();
            events.binary();
            state = State.BINARY_BLOCK;
        } else if (line.startsWith("index ") && !headerComplete) {
            index(line.substring("index ".length()));
        } else if (headerComplete) {
            throw wrong("the change of the file");
        } else if (line.startsWith("old mode ") && oldMode == 0 && newMode == 0) {
            oldMode = mode(line.substring("old mode ".length()));
        } else if (line.startsWith("new mode ") && oldMode != 0 && newMode == 0) {
            newMode = mode(line.substring("new mode ".length()));
        } else if (line.startsWith("new file mode ") && oldMode == 0 && newMode == 0) {
            newMode = mode(line.substring("new file mode ".length()));
            modified = false;
        } else if (line.startsWith("deleted file mode ") && oldMode == 0 && newMode == 0) {
            oldMode = mode(line.substring("deleted file mode ".length()));
            modified = false;
        } else {
            throw wrong("a header of the file");
        }
    }

    private int mode(String digits) throws UnreadableDiffException {
        if (!digits.matches("[0-7]{6}") || digits.equals("000000")) {
            throw wrong("the mode of the file");
        }
        return Integer.parseInt(digits, 8);
    }

    private void index(String ids) throws UnreadableDiffException {
        int dots = ids.indexOf("..");
        int blank = ids.indexOf(' ');
        int end = blank < 0 ? ids.length() : blank;
        if (dots < 0
                || end < dots
                || !GitName.isId(ids.substring(0, dots))
                || !GitName.isId(ids.substring(dots + 2, end))
                || modified && oldMode != 0 && newMode == 0) {
            throw wrong("the ids of the file");
        }
        oldId = ids.substring(0, dots);
        newId = ids.substring(dots + 2, end);
        boolean sameMode = modified && oldMode == 0;
        if (sameMode != blank >= 0) {
            throw wrong("the ids and the mode of the file");
        }
        if (sameMode) {
            oldMode = mode(ids.substring(blank + 1));
            newMode = oldMode;
        }
        headerComplete = true;
    }

    private boolean named(String given, String prefix, boolean absent) {
        // git ends a name that holds a blank with a tabulator.
        String name = given.endsWith("\t") ? given.substring(0, given.length() - 1) : given;
        String plain = GitName.unquoted(name);
        return absent ? name.equals(ABSENT) : plain != null && plain.equals(prefix + path);
    }

    private void secondName(String line) throws UnreadableDiffException {
        boolean absent = newMode == 0;
        if (!line.startsWith("+++ ") || !named(line.substring(4), "b/", absent)) {
            throw wrong("\"+++ " + (absent ? ABSENT : "b/" + VisibleText.name(path)) + "\"");
        }
        oldNumber = 1;
        newNumber = 1;
        state = State.HUNKS;
    }

    private void tellFile() {
        told = true;
        events.file(path, side(oldMode, oldId), side(newMode, newId));
    }

    @CheckForNull
    private static Side side(int mode, String id) {
        return mode == 0 ? null : new Side(mode, id);
    }

    private void finishFile() throws UnreadableDiffException {
        switch (state) {
            case OUTSIDE, DONE, IN_HUNK -> {}
            case HEADER -> {
                // A new or removed file without content, or nothing but another mode.
                boolean modeOnly = modified && oldMode != 0 && newMode != 0 && oldId.isEmpty();
                boolean empty = headerComplete && !modified;
                if (told || !modeOnly && !empty) {
                    throw wrong("the change of the file");
                }
                tellFile();
            }
            default -> throw wrong("a hunk");
        }
        state = State.OUTSIDE;
    }

    // ---- hunks

    /** {@code @@ -1,3 +1,4 @@ heading}: whatever the heading holds, which comes from the file, the numbers end at the second {@code @@}. */
    private void hunk(byte[] bytes, int from, int to) throws UnreadableDiffException {
        Numbers numbers = new Numbers(bytes, from, to);
        numbers.skip("@@ -");
        int oldStart = numbers.next();
        oldLeft = numbers.count();
        numbers.skip(" +");
        int newStart = numbers.next();
        newLeft = numbers.count();
        numbers.skip(" @@");
        if (numbers.failed || oldLeft + newLeft == 0) {
            throw wrong("a hunk");
        }
        // Without lines on one side, git names the line before.
        int oldFirst = oldLeft == 0 ? oldStart + 1 : oldStart;
        int newFirst = newLeft == 0 ? newStart + 1 : newStart;
        if (oldFirst < oldNumber || newFirst < newNumber || oldFirst - oldNumber != newFirst - newNumber) {
            throw wrong("a hunk that follows the one before");
        }
        oldNumber = oldFirst;
        newNumber = newFirst;
        events.hunk();
        state = State.IN_HUNK;
    }

    private void inHunk(byte[] bytes, int from, int to) throws UnreadableDiffException {
        // diff.suppressBlankEmpty leaves the blank of an empty line out.
        char sign = from == to ? ' ' : (char) bytes[from];
        if (sign == '\\' && markable && begins(bytes, from, to, "\\ ")) {
            unended();
            return;
        }
        kind = switch (sign) {
            case '+' -> Kind.ADDED;
            case '-' -> Kind.REMOVED;
            case ' ' -> Kind.CONTEXT;
            default -> throw wrong("+, - or a blank");
        };
        boolean old = kind != Kind.ADDED;
        boolean fresh = kind != Kind.REMOVED;
        if (old && (oldLeft == 0 || oldUnended) || fresh && (newLeft == 0 || newUnended)) {
            throw wrong("no more such lines");
        }
        oldLeft -= old ? 1 : 0;
        newLeft -= fresh ? 1 : 0;
        oldNumber += old ? 1 : 0;
        newNumber += fresh ? 1 : 0;
        markable = true;
        tell(bytes, Math.min(from + 1, to), to);
    }

    private void tell(byte[] bytes, int from, int to) {
        events.line(
                kind,
                kind == Kind.ADDED ? 0 : oldNumber - 1,
                kind == Kind.REMOVED ? 0 : newNumber - 1,
                bytes,
                from,
                to);
    }

    private void unended() {
        markable = false;
        oldUnended |= kind != Kind.ADDED;
        newUnended |= kind != Kind.REMOVED;
        events.unended();
    }

    /** Reads the numbers of a hunk's header. */
    private static final class Numbers {
        private final byte[] bytes;
        private final int to;
        private int at;
        private boolean failed;

        Numbers(byte[] bytes, int from, int to) {
            this.bytes = bytes;
            this.at = from;
            this.to = to;
        }

        void skip(String expected) {
            if (begins(bytes, at, to, expected)) {
                at += expected.length();
            } else {
                failed = true;
            }
        }

        int next() {
            int value = 0;
            int begin = at;
            while (at < to && bytes[at] >= '0' && bytes[at] <= '9' && at - begin < 9) {
                value = value * 10 + bytes[at++] - '0';
            }
            failed |= at == begin;
            return value;
        }

        /** The number behind a comma; 1 without one. */
        int count() {
            if (at < to && bytes[at] == ',') {
                at++;
                return next();
            }
            return 1;
        }
    }

    // ---- binary patches

    private void binary(byte[] bytes, int from, int to) throws UnreadableDiffException {
        if (state == State.BINARY_BLOCK) {
            if (!text(bytes, from, to).matches("(literal|delta) [0-9]{1,10}")) {
                throw wrong("literal or delta");
            }
            state = State.BINARY_LINES;
        } else if (from == to) {
            // Forwards, then backwards.
            state = ++blocks == 2 ? State.DONE : State.BINARY_BLOCK;
        } else {
            for (int i = from; i < to; i++) {
                if (bytes[i] <= ' ' || bytes[i] > '~') {
                    throw wrong("a line of the binary patch");
                }
            }
        }
    }
}
