package io.jenkins.plugins.minibuild.workflow.place;

import hudson.AbortException;
import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.checkout.CheckoutRecipe;
import io.jenkins.plugins.minibuild.files.FileTree;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import io.jenkins.plugins.minibuild.process.ScratchFolder;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.workflow.model.Sources;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import jenkins.MasterToSlaveFileCallable;

/**
 * The sources of a job that has a workspace of its own. Whatever they are, nothing of an earlier build is left in that workspace: a checkout removes all that
 * is not in the commit, ignored files too, and all others begin with an empty folder. Lives on the controller; its methods wait for the agents.
 *
 * <p>A copy of the build's workspace has its {@code .git}, its links, and the permissions and times of its files; not their owners, and not the
 * permissions of folders.
 */
public final class JobSources {
    /** The bytes of a copy: 2 GiB. */
    public static final long DEFAULT_BYTES = 2L << 30;

    private static final int MOST_ENTRIES = 200_000;
    /** For gigabytes on a slow disk. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    private JobSources() {}

    /**
     * Makes the workspace of a job ready. Can be repeated, before the job's first step.
     *
     * @param own the build's own place
     * @param there the job's place, which Jenkins has given to nobody else
     * @param most the bytes of a copy
     * @throws AbortException for users: the build has checked out nothing, there is too much to copy, a link leads out, the checkout fails
     */
    public static void prepare(Sources sources, BuildContext own, BuildContext there, long most)
            throws IOException, InterruptedException {
        refuseOverlap(own, there);
        switch (sources) {
            case CHECKOUT -> checkout(own, there);
            case COPY -> copy(own, there, most);
            case NONE -> empty(there.workspace(), List.of());
        }
    }

    /** Emptying the one would empty the other. */
    private static void refuseOverlap(BuildContext own, BuildContext there) throws IOException {
        String one = folder(own.workspace());
        String other = folder(there.workspace());
        if (own.agent().equals(there.agent()) && (one.startsWith(other) || other.startsWith(one))) {
            throw new IOException(Messages.Sources_overlap(there.workspace().getRemote()));
        }
    }

    private static String folder(FilePath workspace) {
        return workspace.getRemote().replace('\\', '/').replaceAll("/+$", "") + "/";
    }

    // ---- checkout

    private static void checkout(BuildContext own, BuildContext there) throws IOException, InterruptedException {
        List<CheckoutRecipe> recipes = CheckoutRecipe.of(own);
        if (recipes.isEmpty()) {
            throw new AbortException(Messages.Sources_nothing());
        }
        List<String> directories =
                recipes.stream().map(each -> each.directory(own)).toList();
        if (!directories.contains("")) {
            empty(there.workspace(), directories);
        }
        for (CheckoutRecipe recipe : recipes) {
            try {
                recipe.checkout(recipe.directory(own), there.workspace().isRemote())
                        .run(there);
            } catch (AbortException e) {
                throw recipe.byStep()
                        ? e
                        : (AbortException) new AbortException(Messages.Sources_checkout(e.getMessage())).initCause(e);
            }
        }
    }

    // ---- copy

    private static void copy(BuildContext own, BuildContext there, long most) throws IOException, InterruptedException {
        long start = System.nanoTime();
        empty(there.workspace(), List.of());
        int entries;
        try (ScratchFolder scratch = ScratchFolder.in(own.temp(), "mini-build-sources")) {
            FilePath bundle = scratch.path().child("bundle");
            Packed packed =
                    AgentAnswer.act(bundle, new Pack(own.workspace().getRemote(), most), Packed.class, PATIENCE);
            if (packed == Packed.TOO_LARGE) {
                throw tooLarge(most);
            }
            if (packed == Packed.NO_SPACE) {
                throw new AbortException(Messages.Sources_noSpace());
            }
            try (InputStream in = new Chunks(bundle)) {
                entries = Bundle.deliver(in, new Delivery(there.workspace()), MOST_ENTRIES, most);
            } catch (Bundle.TooLarge e) {
                throw tooLarge(most);
            } catch (EOFException e) {
                throw new IOException(Messages.Bundle_broken(), e);
            } catch (InterruptedIOException e) {
                // A stream cannot throw anything else.
                throw (InterruptedException) new InterruptedException().initCause(e);
            }
        }
        there.listener()
                .getLogger()
                .println(Messages.Sources_copied(
                        entries, String.format(Locale.ROOT, "%.1f", (System.nanoTime() - start) / 1e9)));
    }

    private static AbortException tooLarge(long most) {
        return new AbortException(Messages.Sources_large(most >> 20, MOST_ENTRIES));
    }

    /** A file of an agent, read in large pieces. */
    private static final class Chunks extends InputStream {
        private final FilePath file;
        private byte[] bytes = new byte[0];
        private int at;
        private long offset;
        private boolean last;

        Chunks(FilePath file) {
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (at == bytes.length && !fill()) {
                return -1;
            }
            int read = Math.min(length, bytes.length - at);
            System.arraycopy(bytes, at, into, from, read);
            at += read;
            return read;
        }

        private boolean fill() throws IOException {
            if (last) {
                return false;
            }
            try {
                bytes = AgentAnswer.act(file, new ReadChunk(offset), byte[].class);
            } catch (InterruptedException e) {
                throw (InterruptedIOException) new InterruptedIOException().initCause(e);
            }
            // Only the last one is shorter, so that an agent cannot answer for ever with a byte each time.
            last = bytes.length < ReadChunk.BYTES;
            if (bytes.length > ReadChunk.BYTES) {
                throw new IOException(Messages.Bundle_broken());
            }
            at = 0;
            offset += bytes.length;
            return bytes.length > 0;
        }
    }

    private static void empty(FilePath workspace, List<String> kept) throws IOException, InterruptedException {
        AgentAnswer.act(workspace, new Empty(kept), Boolean.class, PATIENCE);
    }

    // ---- on the agent

    /** How packing ended. */
    enum Packed {
        /** The bundle is there. */
        WHOLE,
        /** There is too much to pack. */
        TOO_LARGE,
        /** The disk has too little space for the bundle. */
        NO_SPACE
    }

    /** Packs a workspace into the file that it is called on. */
    private static final class Pack extends MasterToSlaveFileCallable<Packed> {
        private static final long serialVersionUID = 1L;
        private static final long SPARE_BYTES = 100L << 20;

        private final String workspace;
        private final long most;

        private Pack(String workspace, long most) {
            this.workspace = workspace;
            this.most = most;
        }

        @Override
        public Packed invoke(File bundle, VirtualChannel channel) throws IOException, InterruptedException {
            Path root = Path.of(workspace);
            long size = FileTree.size(root);
            if (size > most) {
                return Packed.TOO_LARGE;
            }
            if (Files.getFileStore(bundle.toPath().getParent()).getUsableSpace() < size + SPARE_BYTES) {
                return Packed.NO_SPACE;
            }
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(bundle.toPath()), 1 << 20)) {
                Bundle.Writer writer = new Bundle.Writer(out, MOST_ENTRIES, most);
                TreeReader.read(root, writer);
                writer.end();
                return Packed.WHOLE;
            } catch (Bundle.TooLarge e) {
                return Packed.TOO_LARGE;
            }
        }
    }

    /** Reads a piece of the file that it is called on. */
    private static final class ReadChunk extends MasterToSlaveFileCallable<byte[]> {
        private static final long serialVersionUID = 1L;
        private static final int BYTES = 4 << 20;

        private final long offset;

        private ReadChunk(long offset) {
            this.offset = offset;
        }

        @Override
        public byte[] invoke(File file, VirtualChannel channel) throws IOException {
            try (SeekableByteChannel in =
                    Files.newByteChannel(file.toPath(), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
                ByteBuffer bytes = ByteBuffer.allocate(BYTES);
                in.position(offset);
                while (bytes.hasRemaining() && in.read(bytes) >= 0) {
                    // until it is full, or the file has ended
                }
                return Arrays.copyOf(bytes.array(), bytes.position());
            }
        }
    }

    /** Deletes what is in the folder that it is called on, but for some folders below it. */
    private static final class Empty extends MasterToSlaveFileCallable<Boolean> {
        private static final long serialVersionUID = 1L;

        private final List<String> kept;

        private Empty(List<String> kept) {
            this.kept = new ArrayList<>(kept);
        }

        @Override
        public Boolean invoke(File folder, VirtualChannel channel) throws IOException {
            Path root = folder.toPath();
            Files.createDirectories(root);
            empty(root, "");
            return true;
        }

        private void empty(Path folder, String path) throws IOException {
            for (Path each : FileTree.list(folder)) {
                String name = path + each.getFileName();
                boolean above = kept.stream().anyMatch(other -> other.startsWith(name + "/"));
                if (above && Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
                    empty(each, name + "/");
                } else if (!kept.contains(name) || !Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
                    FileTree.delete(each);
                }
            }
        }
    }
}
