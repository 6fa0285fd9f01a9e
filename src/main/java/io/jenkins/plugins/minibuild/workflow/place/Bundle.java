package io.jenkins.plugins.minibuild.workflow.place;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Folders, links and files in one stream. Written on an agent; whoever reads it trusts nothing in it. */
final class Bundle {
    private static final int END = 0;
    private static final int FOLDER = 1;
    private static final int LINK = 2;
    private static final int FILE = 3;
    private static final int BLOCK = 1 << 16;
    /** Bytes of a path in UTF-8: each of its characters may have four. */
    private static final int LONGEST = 4 * WorkspacePath.LONGEST;

    private Bundle() {}

    /** Writes a bundle. */
    static final class Writer implements TreeReader.Sink {
        private final DataOutputStream out;
        private final int mostEntries;
        private final long mostBytes;
        private int entries;
        private long bytes;

        /** @throws TooLarge from all methods once there is more than this */
        Writer(OutputStream out, int mostEntries, long mostBytes) {
            this.out = new DataOutputStream(out);
            this.mostEntries = mostEntries;
            this.mostBytes = mostBytes;
        }

        @Override
        public void folder(String path) throws IOException {
            entry(FOLDER, path);
        }

        @Override
        public void link(String path, String target) throws IOException {
            entry(LINK, path);
            text(target);
        }

        @Override
        public void file(String path, int mode, long modified, InputStream in) throws IOException {
            entry(FILE, path);
            out.writeInt(mode);
            out.writeLong(modified);
            byte[] block = new byte[BLOCK];
            for (int n = in.readNBytes(block, 0, BLOCK); n > 0; n = in.readNBytes(block, 0, BLOCK)) {
                bytes += n;
                if (bytes > mostBytes) {
                    throw new TooLarge();
                }
                out.writeInt(n);
                out.write(block, 0, n);
            }
            out.writeInt(0);
        }

        /** Ends the bundle. */
        void end() throws IOException {
            out.writeByte(END);
            out.flush();
        }

        private void entry(int kind, String path) throws IOException {
            if (++entries > mostEntries) {
                throw new TooLarge();
            }
            out.writeByte(kind);
            text(path);
        }

        private void text(String text) throws IOException {
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            out.writeShort(encoded.length);
            out.write(encoded);
        }
    }

    /** There is more than a bundle may hold. */
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Delivers a bundle.
     *
     * @return how many entries it had
     * @throws TooLarge if there is more in it
     * @throws IOException also if it is none
     */
    static int deliver(InputStream from, Delivery to, int mostEntries, long mostBytes)
            throws IOException, InterruptedException {
        DataInputStream in = new DataInputStream(from);
        long left = mostBytes;
        for (int entries = 0; ; entries++) {
            int kind = in.readUnsignedByte();
            if (kind == END) {
                to.flush();
                return entries;
            }
            if (entries == mostEntries) {
                throw new TooLarge();
            }
            String path = text(in);
            if (!WorkspacePath.isBelow(path)) {
                throw broken();
            }
            switch (kind) {
                case FOLDER -> to.folder(path);
                case LINK -> {
                    String target = text(in);
                    if (!WorkspacePath.staysBelow(path, target)) {
                        throw broken();
                    }
                    to.link(path, target);
                }
                case FILE -> {
                    int mode = in.readInt();
                    long modified = in.readLong();
                    Blocks blocks = new Blocks(in);
                    left -= to.file(path, blocks, left, mode < 0 ? -1 : mode & 0777, Math.max(0, modified));
                    if (left < 0) {
                        throw new TooLarge();
                    }
                }
                default -> throw broken();
            }
        }
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readUnsignedShort();
        if (length > LONGEST) {
            throw broken();
        }
        byte[] encoded = new byte[length];
        in.readFully(encoded);
        return new String(encoded, StandardCharsets.UTF_8);
    }

    private static IOException broken() {
        return new IOException(Messages.Bundle_broken());
    }

    /** The bytes of one file. */
    private static final class Blocks extends InputStream {
        private final DataInputStream in;
        private int left;
        private boolean ended;

        Blocks(DataInputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (left == 0 && !ended) {
                left = in.readInt();
                ended = left == 0;
                if (left < 0 || left > BLOCK) {
                    throw broken();
                }
            }
            if (ended) {
                return -1;
            }
            int read = in.read(bytes, offset, Math.min(left, length));
            if (read < 0) {
                throw new EOFException();
            }
            left -= read;
            return read;
        }
    }
}
