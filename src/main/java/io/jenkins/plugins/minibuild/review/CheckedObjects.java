package io.jenkins.plugins.minibuild.review;

import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.checkout.RefName;
import io.jenkins.plugins.minibuild.process.ProcessResult;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import java.io.IOException;
import java.util.ArrayList;
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

    private final FilePath repository;
    private final FilePath incoming;
    private final Commands commands;
    private final Set<String> held = new HashSet<>();

    /** @param repository an empty bare repository, {@code incoming} an empty folder on the same file system; nobody else uses them */
    CheckedObjects(FilePath repository, FilePath incoming, Commands commands) {
        this.repository = repository;
        this.incoming = incoming;
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
        List<String> names = new ArrayList<>();
        ProcessResult packed = commands.git(
                        from,
                        List.of(
                                "-c",
                                "pack.compression=0",
                                "pack-objects",
                                "-q",
                                "--window=0",
                                incoming.child("pack").getRemote()))
                .stdin(String.join("\n", wanted) + "\n")
                .keep(names)
                .run();
        if (!packed.succeeded() || names.size() != 1 || !RefName.isCommit(names.get(0))) {
            throw new AbortException(Messages.GitChange_missingObjects(reason(packed)));
        }
        String name = "pack-" + names.get(0) + ".pack";
        FilePath pack = repository.child("objects/pack").child(name);
        pack.getParent().mkdirs();
        incoming.child(name).renameTo(pack);
        // The index that pack-objects wrote has the names that were asked for; this one has those of the contents.
        ProcessResult indexed = commands.git(repository, List.of("index-pack", "--fsck-objects", pack.getRemote()))
                .onLine(line -> {})
                .run();
        if (!indexed.succeeded()) {
            throw new AbortException(Messages.GitChange_badObjects(reason(indexed)));
        }
        held.addAll(wanted);
    }

    private static String reason(ProcessResult result) {
        List<String> lines = result.tail();
        return lines.isEmpty() ? String.valueOf(result.exitCode()) : lines.get(lines.size() - 1);
    }
}
