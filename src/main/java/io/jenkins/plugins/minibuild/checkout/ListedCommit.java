package io.jenkins.plugins.minibuild.checkout;

import io.jenkins.plugins.minibuild.process.AgentAnswer;
import java.util.ArrayList;
import java.util.List;

/**
 * A commit with the files that it changes, as a list of changes shows and stores it.
 *
 * @param id 40 or 64 hexadecimal digits
 * @param author their name
 * @param email the author's address
 * @param time when it was committed, in milliseconds since 1970
 * @param message the whole message
 * @param files none of a merge, nor of the oldest commit of a shallow history
 */
record ListedCommit(String id, String author, String email, long time, String message, List<File> files) {
    /** What {@code git log --name-status} is asked to print for {@link #parseAll}. No field can hold a zero byte. */
    static final String FORMAT = "--format=%x00" + Commit.FORMAT.substring("--format=".length()) + "%x00%P%x00";

    private static final int MOST_FILES = 300;
    /** The fields of a commit, and what is before the first. */
    private static final int FIELDS = 7;

    /** @param kind git's letter: {@code A} for added, {@code D} for deleted, another one for changed */
    record File(String kind, String path) {
        File {
            AgentAnswer.text("The path", path, Commit.LONGEST_PATH);
        }
    }

    ListedCommit {
        files = files == null ? List.of() : List.copyOf(files);
    }

    /** Reads what git printed. What an agent printed that is no commit, and a last one that was cut off, are left out. */
    static List<ListedCommit> parseAll(String printed) {
        List<ListedCommit> all = new ArrayList<>();
        String[] fields = printed.split("\0", -1);
        // Before each commit an empty field, or the files of the one before.
        for (int at = 1; at + FIELDS - 1 < fields.length; at += FIELDS) {
            Commit commit = Commit.parse(
                    String.join("\0", fields[at], fields[at + 1], fields[at + 2], fields[at + 3], fields[at + 4]));
            if (commit == null) {
                return all;
            }
            boolean whole = fields[at + 5].matches("[0-9a-f]{40,64}");
            all.add(new ListedCommit(
                    commit.id(),
                    commit.author(),
                    commit.email(),
                    commit.time().toEpochMilli(),
                    commit.message(),
                    whole ? files(fields[at + 6]) : List.of()));
        }
        return all;
    }

    /** The first line of the message. */
    String subject() {
        return message.lines().findFirst().orElse("");
    }

    private static List<File> files(String lines) {
        return lines.lines()
                .map(line -> line.split("\t", 2))
                .filter(parts -> parts.length == 2 && parts[0].matches("[A-Z][0-9]*") && !parts[1].isEmpty())
                .filter(parts -> parts[1].length() <= Commit.LONGEST_PATH)
                .limit(MOST_FILES)
                .map(parts -> new File(parts[0].substring(0, 1), parts[1]))
                .toList();
    }
}
