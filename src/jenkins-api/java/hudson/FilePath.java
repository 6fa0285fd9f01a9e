package hudson;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Computer;
import hudson.remoting.Callable;
import hudson.remoting.Future;
import hudson.remoting.LocalChannel;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.tools.ant.DirectoryScanner;
import org.apache.tools.ant.Project;
import org.apache.tools.ant.types.FileSet;
import org.jenkinsci.remoting.RoleChecker;
import org.jenkinsci.remoting.RoleSensitive;
import org.jenkinsci.remoting.SerializableOnlyOverRemoting;

/** A file on an agent; here always of this machine, though what {@link #act} runs goes through the channel. */
public final class FilePath implements SerializableOnlyOverRemoting {
    private static final long serialVersionUID = 1L;

    public static final LocalChannel localChannel = new LocalChannel();

    private static final Pattern ABSOLUTE = Pattern.compile("(/.*)|([A-Za-z]:[\\\\/].*)|(\\\\\\\\.*)");

    private final String remote;
    private final transient VirtualChannel channel;

    public FilePath(@CheckForNull VirtualChannel channel, @NonNull String remote) {
        this.channel = channel instanceof LocalChannel ? null : channel;
        this.remote = Path.of(remote).normalize().toString();
    }

    public FilePath(@NonNull File localPath) {
        this(localChannel, localPath.getPath());
    }

    public FilePath(@NonNull FilePath base, @NonNull String rel) {
        this(
                base.channel,
                ABSOLUTE.matcher(rel).matches()
                        ? rel
                        : Path.of(base.remote).resolve(rel).toString());
    }

    private Path path() {
        return Path.of(remote);
    }

    public String getRemote() {
        return remote;
    }

    public VirtualChannel getChannel() {
        return channel == null ? localChannel : channel;
    }

    public boolean isRemote() {
        return channel != null;
    }

    @CheckForNull
    public Computer toComputer() {
        return null;
    }

    public String getName() {
        Path name = path().getFileName();
        return name == null ? remote : name.toString();
    }

    public String getBaseName() {
        String name = getName();
        int dot = name.lastIndexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    @NonNull
    public FilePath child(String relOrAbsolute) {
        return new FilePath(this, relOrAbsolute);
    }

    public FilePath sibling(String rel) {
        FilePath parent = getParent();
        return parent == null ? null : parent.child(rel);
    }

    @CheckForNull
    public FilePath getParent() {
        Path parent = path().getParent();
        return parent == null ? null : new FilePath(channel, parent.toString());
    }

    public FilePath absolutize() throws IOException, InterruptedException {
        return new FilePath(channel, path().toAbsolutePath().toString());
    }

    public <T> T act(FileCallable<T> callable) throws IOException, InterruptedException {
        return channel == null
                ? callable.invoke(new File(remote), localChannel)
                : channel.call(new FileCallableWrapper<>(callable, new File(remote)));
    }

    public <T> Future<T> actAsync(final FileCallable<T> callable) throws IOException, InterruptedException {
        return (channel != null ? channel : localChannel)
                .callAsync(new FileCallableWrapper<>(callable, new File(remote)));
    }

    public boolean exists() throws IOException, InterruptedException {
        return Files.exists(path());
    }

    public boolean isDirectory() throws IOException, InterruptedException {
        return Files.isDirectory(path());
    }

    public long length() throws IOException, InterruptedException {
        return new File(remote).length();
    }

    public long lastModified() throws IOException, InterruptedException {
        return new File(remote).lastModified();
    }

    public int mode() throws IOException, InterruptedException {
        int mode = 0;
        for (PosixFilePermission p : Files.getPosixFilePermissions(path())) {
            mode |= 1 << (8 - p.ordinal());
        }
        return mode;
    }

    public void chmod(int mask) throws IOException, InterruptedException {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission p : PosixFilePermission.values()) {
            if ((mask & 1 << (8 - p.ordinal())) != 0) {
                permissions.add(p);
            }
        }
        Files.setPosixFilePermissions(path(), permissions);
    }

    public void mkdirs() throws IOException, InterruptedException {
        Files.createDirectories(path());
    }

    public boolean delete() throws IOException, InterruptedException {
        Files.deleteIfExists(path());
        return true;
    }

    public void deleteRecursive() throws IOException, InterruptedException {
        if (!Files.exists(path(), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(path(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attrs) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, IOException e) throws IOException {
                Files.deleteIfExists(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    public void deleteContents() throws IOException, InterruptedException {
        for (FilePath child : list()) {
            child.deleteRecursive();
        }
    }

    public void renameTo(FilePath target) throws IOException, InterruptedException {
        Files.move(path(), target.path(), StandardCopyOption.REPLACE_EXISTING);
    }

    public FilePath createTempFile(String prefix, String suffix) throws IOException, InterruptedException {
        return new FilePath(
                channel, File.createTempFile(prefix, suffix, new File(remote)).getPath());
    }

    public FilePath createTempDir(String prefix, String suffix) throws IOException, InterruptedException {
        return new FilePath(
                channel,
                Files.createTempDirectory(path(), prefix + "." + suffix).toString());
    }

    @NonNull
    public List<FilePath> list() throws IOException, InterruptedException {
        File[] files = new File(remote).listFiles();
        List<FilePath> found = new ArrayList<>();
        if (files != null) {
            for (File f : files) {
                found.add(new FilePath(channel, f.getPath()));
            }
        }
        return found;
    }

    @NonNull
    public FilePath[] list(String includes) throws IOException, InterruptedException {
        FileSet set = new FileSet();
        set.setDir(new File(remote));
        set.setIncludes(includes);
        DirectoryScanner scanner = set.getDirectoryScanner(new Project());
        List<FilePath> found = new ArrayList<>();
        for (String name : scanner.getIncludedFiles()) {
            found.add(child(name));
        }
        return found.toArray(new FilePath[0]);
    }

    public InputStream read() throws IOException, InterruptedException {
        return Files.newInputStream(path());
    }

    public OutputStream write() throws IOException, InterruptedException {
        createParent();
        return Files.newOutputStream(path());
    }

    public String readToString() throws IOException, InterruptedException {
        return Files.readString(path(), Charset.defaultCharset());
    }

    public void write(String content, String encoding) throws IOException, InterruptedException {
        createParent();
        Files.writeString(path(), content, encoding == null ? Charset.defaultCharset() : Charset.forName(encoding));
    }

    public void copyFrom(InputStream in) throws IOException, InterruptedException {
        try (OutputStream out = write()) {
            in.transferTo(out);
        }
    }

    public void copyTo(FilePath target) throws IOException, InterruptedException {
        target.createParent();
        Files.copy(path(), target.path(), StandardCopyOption.REPLACE_EXISTING);
    }

    public void copyTo(OutputStream out) throws IOException, InterruptedException {
        Files.copy(path(), out);
    }

    public boolean isDescendant(@NonNull String potentialChildRelativePath) throws IOException, InterruptedException {
        if (ABSOLUTE.matcher(potentialChildRelativePath).matches()) {
            throw new IllegalArgumentException(
                    "Only a relative path is supported, the given path is absolute: " + potentialChildRelativePath);
        }
        Path base = path().toRealPath();
        Path child = base.resolve(potentialChildRelativePath).normalize();
        if (!child.startsWith(base)) {
            return false;
        }
        Path existing = child;
        while (existing != null && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
            existing = existing.getParent();
        }
        try {
            return existing == null || existing.toRealPath().startsWith(base);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void createParent() throws IOException, InterruptedException {
        FilePath parent = getParent();
        if (parent != null) {
            parent.mkdirs();
        }
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof FilePath that && remote.equals(that.remote);
    }

    @Override
    public int hashCode() {
        return remote.hashCode();
    }

    /** Use {@link #getRemote}. */
    @Deprecated
    @Override
    public String toString() {
        return remote;
    }

    private static final class FileCallableWrapper<T> implements Callable<T, IOException> {
        private static final long serialVersionUID = 1L;
        private final FileCallable<T> callable;
        private final File file;

        FileCallableWrapper(FileCallable<T> callable, File file) {
            this.callable = callable;
            this.file = file;
        }

        @Override
        public T call() throws IOException {
            try {
                return callable.invoke(file, localChannel);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void checkRoles(RoleChecker checker) {
            // nobody asks
        }
    }

    /** What runs where the file is. */
    public interface FileCallable<T> extends Serializable, RoleSensitive {
        T invoke(File f, VirtualChannel channel) throws IOException, InterruptedException;
    }
}
