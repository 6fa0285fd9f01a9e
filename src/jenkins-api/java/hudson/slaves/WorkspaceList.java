package hudson.slaves;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.FilePath;
import java.io.Closeable;

/** Where a workspace's temporary files are. */
public final class WorkspaceList {
    public synchronized Lease acquire(@NonNull FilePath p) throws InterruptedException {
        return Lease.createDummyLease(p);
    }

    public synchronized Lease acquire(@NonNull FilePath p, boolean quick) throws InterruptedException {
        return Lease.createDummyLease(p);
    }

    public synchronized Lease allocate(@NonNull FilePath base) throws InterruptedException {
        return Lease.createDummyLease(base);
    }

    @CheckForNull
    public static FilePath tempDir(FilePath ws) {
        return ws.sibling(ws.getName() + "@tmp");
    }

    /** A workspace that nobody else uses meanwhile. */
    public abstract static class Lease implements Closeable {
        @NonNull
        public final FilePath path;

        protected Lease(@NonNull FilePath path) {
            this.path = path;
        }

        public abstract void release();

        @Override
        public void close() {
            release();
        }

        public static Lease createDummyLease(@NonNull FilePath p) {
            return new Lease(p) {
                @Override
                public void release() {}
            };
        }
    }
}
