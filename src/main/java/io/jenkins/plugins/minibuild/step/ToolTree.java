package io.jenkins.plugins.minibuild.step;

import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.files.FileTree;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import jenkins.MasterToSlaveFileCallable;

/** Reads the folder of a tool on an agent, links not followed, so that the controller can tell whether it is what was installed. */
final class ToolTree extends MasterToSlaveFileCallable<ToolTree.Listing> {
    private static final long serialVersionUID = 1L;

    private static final Set<PosixFilePermission> WRITING =
            Set.of(PosixFilePermission.OWNER_WRITE, PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
    private static final int BUFFER = 1 << 16;

    private final String known;
    private final boolean seal;

    private ToolTree(String known, boolean seal) {
        this.known = known;
        this.seal = seal;
    }

    /** Makes a new tool read-only, then reads it. That keeps builds of other users out, and mistakes; the agent's own user can undo it. */
    static ToolTree sealed() {
        return new ToolTree("", true);
    }

    /** @param known the stamp of an earlier listing: with the same stamp, nothing was written, and the content need not be read */
    static ToolTree since(String known) {
        return new ToolTree(known, false);
    }

    /**
     * What was found.
     *
     * @param stamp of names, kinds, sizes, numbers of inodes, and the times of their last change, which no program sets; empty where the agent has none
     * @param digest of names, kinds and content; empty if the stamp is the known one, or there is no folder
     */
    record Listing(String stamp, String digest) implements Serializable {
        private static final Pattern FORM = Pattern.compile("([0-9a-f]{64})?");

        Listing {
            if (!FORM.matcher(AgentAnswer.text("The stamp of a tool", stamp, 64))
                            .matches()
                    || !FORM.matcher(AgentAnswer.text("The digest of a tool", digest, 64))
                            .matches()) {
                throw new IllegalArgumentException("The digest of a tool is none");
            }
        }
    }

    @Override
    public Listing invoke(File folder, VirtualChannel channel) throws IOException {
        Path root = folder.toPath();
        if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
            return new Listing("", "");
        }
        Map<String, Path> files = new TreeMap<>();
        list(root, "", files);
        if (seal) {
            for (Path each : files.values()) {
                makeReadOnly(each);
            }
        }
        String stamp = root.getFileSystem().supportedFileAttributeViews().contains("unix") ? stamp(files) : "";
        return new Listing(stamp, !stamp.isEmpty() && stamp.equals(known) ? "" : digest(files));
    }

    /** Windows has no read-only folders. */
    private static void makeReadOnly(Path path) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            if (!Files.isSymbolicLink(path)) {
                Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
                permissions.addAll(Files.getPosixFilePermissions(path));
                permissions.removeAll(WRITING);
                Files.setPosixFilePermissions(path, permissions);
            }
        } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                && !path.toFile().setWritable(false, false)) {
            throw new IOException(path + " cannot be made read-only: does it belong to the agent's user?");
        }
    }

    private static void list(Path folder, String name, Map<String, Path> files) throws IOException {
        for (Path each : FileTree.list(folder)) {
            String path = name + "/" + each.getFileName();
            files.put(path, each);
            list(each, path, files);
        }
    }

    private static String stamp(Map<String, Path> files) throws IOException {
        MessageDigest sha = Digest.sha256();
        for (Map.Entry<String, Path> each : files.entrySet()) {
            Map<String, Object> found = Files.readAttributes(
                    each.getValue(), "unix:mode,ino,size,ctime,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
            add(sha, each.getKey() + "\0" + new TreeMap<>(found));
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    private static String digest(Map<String, Path> files) throws IOException {
        MessageDigest sha = Digest.sha256();
        byte[] buffer = new byte[BUFFER];
        for (Map.Entry<String, Path> each : files.entrySet()) {
            Path path = each.getValue();
            BasicFileAttributes found =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (found.isSymbolicLink()) {
                add(sha, each.getKey() + "\0link\0" + Files.readSymbolicLink(path));
            } else if (!found.isRegularFile()) {
                add(sha, each.getKey() + "\0" + (found.isDirectory() ? "folder" : "other"));
            } else {
                add(sha, each.getKey() + "\0file\0" + Files.isExecutable(path) + "\0" + found.size());
                try (InputStream in =
                        new DigestInputStream(Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS), sha)) {
                    while (in.read(buffer) >= 0) {
                        continue;
                    }
                }
            }
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    private static void add(MessageDigest sha, String text) {
        sha.update((text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
