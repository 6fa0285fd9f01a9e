package io.jenkins.plugins.minibuild.review;

import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.process.ProcessResult;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A repository with the objects of one change. Builds can write to the repositories that they come from, and git does not compare an object that it reads
 * with its name. Here every object gets its name from its content when it comes in: one that was replaced is not there under its old name, and git
 * fails where it is needed. Malformed objects are refused. Not for several threads.
 */
final class CheckedObjects {
    /** Makes a git command for a repository. */
    interface Commands {
        ProcessRun git(FilePath repository, List<String> arguments);
    }

    /** Says that the repository that is read could not give all objects; what git said stands before it. */
    private static final String NOT_PACKED = "not packed";

    /**
     * Copies from the repository {@code $1} to {@code $2}; an alias, because git brings a shell along on every kind of agent. One process packs, the other
     * takes the names from the contents while it writes them. Nothing is compressed or forced to the disk: it is deleted soon. The second process always
     * reads to the end, so that the first one fails only because of what it reads.
     */
    private static final String COPY = "!f() { "
            + "{ git --git-dir=\"$1\" -c pack.compression=0 pack-objects -q --window=0 --stdout || echo '" + NOT_PACKED
            + "' >&2; } | "
            + "{ git --git-dir=\"$2\" -c core.fsync=none index-pack --fsck-objects --stdin; code=$?; cat >/dev/null; exit $code; }; "
            + "}; f";

    private final FilePath repository;
    private final Commands commands;
    private final Set<String> held = new HashSet<>();

    /** @param repository an empty bare repository; nobody else uses it */
    CheckedObjects(FilePath repository, Commands commands) {
        this.repository = repository;
        this.commands = commands;
    }

    /**
     * Copies objects.
     *
     * @param from the repository that has them
     * @param ids of commits, trees and blobs
     * @throws AbortException when one is missing there, or malformed
     */
    void take(FilePath from, Collection<String> ids) throws IOException, InterruptedException {
        Set<String> wanted = new LinkedHashSet<>(ids);
        wanted.removeAll(held);
        if (wanted.isEmpty()) {
            return;
        }
        ProcessResult copied = commands.git(
                        repository,
                        List.of("-c", "alias.copy=" + COPY, "copy", from.getRemote(), repository.getRemote()))
                .stdin(String.join("\n", wanted) + "\n")
                .onLine(line -> {})
                .run();
        List<String> said = copied.tail();
        int notPacked = said.indexOf(NOT_PACKED);
        if (notPacked >= 0) {
            throw new AbortException(Messages.GitChange_missingObjects(last(said.subList(0, notPacked), copied)));
        }
        if (!copied.succeeded()) {
            throw new AbortException(Messages.GitChange_badObjects(last(said, copied)));
        }
        held.addAll(wanted);
    }

    private static String last(List<String> lines, ProcessResult result) {
        return lines.isEmpty() ? String.valueOf(result.exitCode()) : lines.get(lines.size() - 1);
    }
}
