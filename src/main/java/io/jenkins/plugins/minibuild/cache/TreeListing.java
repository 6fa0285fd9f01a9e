package io.jenkins.plugins.minibuild.cache;

import io.jenkins.plugins.minibuild.files.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/**
 * The content of folders by names, kinds, sizes, times and permissions. These show whether a file was written, cut, added or removed, and are much
 * faster to read than the files. Links are listed with their targets and never followed. Immutable.
 */
final class TreeListing {
    /** Its lines are in memory while it is made. */
    private static final int MOST_ENTRIES = 1_000_000;

    private final long files;
    private final long bytes;
    private final String digest;
    private final boolean leaving;
    private final boolean special;

    TreeListing(long files, long bytes, String digest) {
        this(files, bytes, digest, false, false);
    }

    private TreeListing(long files, long bytes, String digest, boolean leaving, boolean special) {
        this.files = files;
        this.bytes = bytes;
        this.digest = digest;
        this.leaving = leaving;
        this.special = special;
    }

    /**
     * Lists a folder.
     *
     * @throws IOException also if there is too much in it
     */
    static TreeListing of(Path root) throws IOException, InterruptedException {
        Walk walk = new Walk(root);
        walk.folder(root, "");
        return walk.listing();
    }

    /** Lists parts as if each were in one folder under its name. */
    static TreeListing of(List<TreeStore.Part> parts) throws IOException, InterruptedException {
        Walk walk = new Walk(Path.of(""));
        for (TreeStore.Part part : parts) {
            walk.root = part.place().toAbsolutePath().normalize();
            walk.entry(part.place(), "/" + part.name());
        }
        return walk.listing();
    }

    /** The number of files and links. */
    long files() {
        return files;
    }

    /** The sum of their sizes. */
    long bytes() {
        return bytes;
    }

    /** A digest of names, kinds, sizes, times and permissions. */
    String digest() {
        return digest;
    }

    /** Whether a link leads out of the folder. A copy of the folder elsewhere would have another meaning then. */
    boolean leaving() {
        return leaving;
    }

    /** Whether something is neither file, folder nor link. */
    boolean special() {
        return special;
    }

    boolean sameAs(TreeListing other) {
        return files == other.files && bytes == other.bytes && digest.equals(other.digest);
    }

    private static final class Walk {
        private Path root;
        private final boolean posix;
        private final List<String> lines = new ArrayList<>();
        private long files;
        private long bytes;
        private boolean leaving;
        private boolean special;

        private Walk(Path root) {
            this.root = root.toAbsolutePath().normalize();
            this.posix = root.getFileSystem().supportedFileAttributeViews().contains("posix");
        }

        private TreeListing listing() {
            Collections.sort(lines);
            MessageDigest sha = Digest.sha256();
            for (String line : lines) {
                sha.update(line.getBytes(StandardCharsets.UTF_8));
                sha.update((byte) '\n');
            }
            return new TreeListing(files, bytes, HexFormat.of().formatHex(sha.digest()), leaving, special);
        }

        private void folder(Path folder, String name) throws IOException, InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                for (Path entry : entries) {
                    entry(entry, name + "/" + entry.getFileName());
                }
            }
        }

        private void entry(Path path, String name) throws IOException, InterruptedException {
            if (lines.size() >= MOST_ENTRIES) {
                throw new IOException(Messages.TreeListing_many(MOST_ENTRIES));
            }
            Class<? extends BasicFileAttributes> kind = posix ? PosixFileAttributes.class : BasicFileAttributes.class;
            BasicFileAttributes found = Files.readAttributes(path, kind, LinkOption.NOFOLLOW_LINKS);
            int mode = found instanceof PosixFileAttributes owned
                    ? owned.permissions().stream()
                            .mapToInt(permission -> 1 << permission.ordinal())
                            .sum()
                    : 0;
            if (found.isDirectory()) {
                lines.add(name + "\td\t" + mode);
                folder(path, name);
            } else if (found.isSymbolicLink()) {
                Path target = Files.readSymbolicLink(path);
                Path parent = path.toAbsolutePath().getParent();
                leaving |= target.isAbsolute()
                        || parent == null
                        || !parent.resolve(target).normalize().startsWith(root);
                lines.add(name + "\tl\t" + target);
                files++;
            } else {
                // The time of a folder changes with every copy; the time of a file is copied.
                lines.add(name + "\tf\t" + mode + "\t" + found.size() + "\t"
                        + found.lastModifiedTime().toMillis());
                files++;
                bytes += found.size();
                special |= found.isOther();
            }
        }
    }
}
