package jenkins.util;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;

/** A file wherever it is kept. */
public abstract class VirtualFile implements Comparable<VirtualFile>, Serializable {
    private static final long serialVersionUID = 1L;

    @NonNull
    public abstract String getName();

    public abstract boolean isDirectory() throws IOException;

    @NonNull
    public abstract VirtualFile[] list() throws IOException;

    /** A file of this machine. */
    public static VirtualFile forFile(final File f) {
        return new OfFile(f);
    }

    public abstract boolean isFile() throws IOException;

    public abstract boolean exists() throws IOException;

    @NonNull
    public abstract VirtualFile child(@NonNull String name);

    public abstract long length() throws IOException;

    public abstract long lastModified() throws IOException;

    public int mode() throws IOException {
        return -1;
    }

    public abstract InputStream open() throws IOException;

    private static final class OfFile extends VirtualFile {
        private static final long serialVersionUID = 1L;

        private final File file;

        OfFile(File file) {
            this.file = file;
        }

        @Override
        public String getName() {
            return file.getName();
        }

        @Override
        public boolean isDirectory() {
            return file.isDirectory();
        }

        @Override
        public VirtualFile[] list() {
            File[] all = file.listFiles();
            return all == null
                    ? new VirtualFile[0]
                    : Arrays.stream(all).map(OfFile::new).toArray(VirtualFile[]::new);
        }

        @Override
        public boolean isFile() {
            return file.isFile();
        }

        @Override
        public boolean exists() {
            return file.exists();
        }

        @Override
        public VirtualFile child(@NonNull String name) {
            return new OfFile(new File(file, name));
        }

        @Override
        public long length() {
            return file.length();
        }

        @Override
        public long lastModified() {
            return file.lastModified();
        }

        @Override
        public int mode() throws IOException {
            try {
                int mode = 0;
                for (PosixFilePermission each : Files.getPosixFilePermissions(file.toPath())) {
                    mode |= 1 << (8 - each.ordinal());
                }
                return mode;
            } catch (UnsupportedOperationException e) {
                return -1;
            }
        }

        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(file.toPath());
        }
    }

    @Override
    public final int compareTo(VirtualFile that) {
        return hashCode() - that.hashCode();
    }

    @Override
    public final boolean equals(Object o) {
        return super.equals(o);
    }

    @Override
    public final int hashCode() {
        return super.hashCode();
    }
}
