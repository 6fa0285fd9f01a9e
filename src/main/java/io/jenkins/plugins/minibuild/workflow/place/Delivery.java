package io.jenkins.plugins.minibuild.workflow.place;

import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.files.Digest;
import io.jenkins.plugins.minibuild.files.FileTree;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import jenkins.MasterToSlaveFileCallable;

/**
 * Puts files into a workspace from the controller, many small ones in one message. Nothing is written through a link, and a file has its name only when it is
 * whole. For one thread; its methods wait for the agent.
 */
final class Delivery {
    /** Bytes and pieces of a message. */
    private static final int MESSAGE = 4 << 20;

    private static final int MOST_PIECES = 1000;
    /** What a piece counts beside its bytes. */
    private static final int OVERHEAD = 200;

    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final FilePath workspace;
    private final List<Piece> pieces = new ArrayList<>();
    private int waiting;

    Delivery(FilePath workspace) {
        this.workspace = workspace;
    }

    void folder(String path) throws IOException, InterruptedException {
        add(new Piece(Piece.Kind.FOLDER, path, "", -1, 0, new byte[0]));
    }

    void link(String path, String target) throws IOException, InterruptedException {
        add(new Piece(Piece.Kind.LINK, path, target, -1, 0, new byte[0]));
    }

    /**
     * Delivers a file.
     *
     * @param most how many bytes it may have
     * @return how many it has; more than that if it is too large, and then it is not there
     */
    long file(String path, InputStream in, long most, int mode, long modified)
            throws IOException, InterruptedException {
        long total = 0;
        byte[] bytes = in.readNBytes(MESSAGE);
        boolean first = true;
        while (true) {
            total += bytes.length;
            if (total > most) {
                return total;
            }
            byte[] next = bytes.length < MESSAGE ? new byte[0] : in.readNBytes(MESSAGE);
            boolean last = next.length == 0;
            Piece.Kind kind =
                    first ? last ? Piece.Kind.WHOLE : Piece.Kind.BEGIN : last ? Piece.Kind.END : Piece.Kind.MORE;
            add(new Piece(kind, path, "", mode, modified, bytes));
            if (last) {
                return total;
            }
            first = false;
            bytes = next;
        }
    }

    private void add(Piece piece) throws IOException, InterruptedException {
        int size = OVERHEAD + piece.path().length() + piece.bytes().length;
        if (!pieces.isEmpty() && (waiting + size > MESSAGE || pieces.size() >= MOST_PIECES)) {
            flush();
        }
        pieces.add(piece);
        waiting += size;
    }

    /** Delivers what waits. */
    void flush() throws IOException, InterruptedException {
        if (!pieces.isEmpty()) {
            AgentAnswer.act(workspace, new Put(List.copyOf(pieces)), Boolean.class, PATIENCE);
            pieces.clear();
            waiting = 0;
        }
    }

    // ---- on the agent

    /** Writes pieces below the workspace. */
    private static final class Put extends MasterToSlaveFileCallable<Boolean> {
        private static final long serialVersionUID = 1L;
        /** What has to be left on the disk. */
        private static final long SPARE_BYTES = 100L << 20;

        private final List<Piece> pieces;

        private Put(List<Piece> pieces) {
            this.pieces = new ArrayList<>(pieces);
        }

        @Override
        public Boolean invoke(File workspace, VirtualChannel channel) throws IOException, InterruptedException {
            Path root = Files.createDirectories(workspace.toPath());
            FileStore disk = Files.getFileStore(root);
            if (disk.getUsableSpace() < SPARE_BYTES) {
                throw new IOException(Messages.Delivery_noSpace());
            }
            for (Piece piece : pieces) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                try {
                    put(root, piece);
                } catch (InvalidPathException e) {
                    throw new IOException(Messages.Delivery_name(WorkspacePath.shown(piece.path())), e);
                }
            }
            return true;
        }

        private static void put(Path root, Piece piece) throws IOException {
            String path = piece.path();
            boolean foreign = File.separatorChar == '\\' && (path.indexOf('\\') >= 0 || path.indexOf(':') >= 0);
            if (!WorkspacePath.isBelow(path) || foreign) {
                throw new IOException(Messages.Delivery_name(WorkspacePath.shown(path)));
            }
            int slash = path.lastIndexOf('/');
            Path folder = slash < 0 ? root : FileTree.below(root, path.substring(0, slash));
            String name = path.substring(slash + 1);
            Path place = folder.resolve(name);
            Files.createDirectories(folder);
            switch (piece.kind()) {
                case FOLDER -> Files.createDirectories(FileTree.below(root, path));
                case LINK -> {
                    if (!WorkspacePath.staysBelow(path, piece.target())) {
                        throw new IOException(Messages.Sources_link(WorkspacePath.shown(path)));
                    }
                    FileTree.delete(place);
                    Files.createSymbolicLink(place, Path.of(piece.target()));
                }
                default -> file(folder, place, piece);
            }
        }

        private static void file(Path folder, Path place, Piece piece) throws IOException {
            Path part = folder.resolve(
                    ".mini-build-" + Digest.sha256Hex(piece.path()).substring(0, 16));
            boolean begins = piece.kind() == Piece.Kind.BEGIN || piece.kind() == Piece.Kind.WHOLE;
            if (begins) {
                FileTree.delete(part);
            }
            Set<OpenOption> options = Set.of(
                    begins ? StandardOpenOption.CREATE_NEW : StandardOpenOption.APPEND,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
            try (SeekableByteChannel out = Files.newByteChannel(part, options)) {
                ByteBuffer bytes = ByteBuffer.wrap(piece.bytes());
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
            }
            if (piece.kind() == Piece.Kind.WHOLE || piece.kind() == Piece.Kind.END) {
                if (piece.mode() >= 0
                        && part.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                    Files.setPosixFilePermissions(part, permissions(piece.mode()));
                }
                if (piece.modified() > 0) {
                    Files.setLastModifiedTime(part, FileTime.fromMillis(piece.modified()));
                }
                Files.move(part, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        }

        /** Its owner can always read and write it. */
        private static Set<PosixFilePermission> permissions(int mode) {
            Set<PosixFilePermission> all = EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
            for (PosixFilePermission each : PosixFilePermission.values()) {
                if ((mode & 1 << 8 - each.ordinal()) != 0) {
                    all.add(each);
                }
            }
            return all;
        }
    }
}
