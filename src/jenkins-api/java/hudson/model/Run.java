package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.ExtensionPoint;
import hudson.security.ACL;
import hudson.security.AccessControlled;
import hudson.security.Permission;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jenkins.model.ArtifactManager;
import jenkins.util.io.OnMaster;

/** A build. None exists without Jenkins: tests of plain classes do not need one. */
public abstract class Run<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT>> extends Actionable
        implements ExtensionPoint, Comparable<RunT>, AccessControlled, PersistenceRoot, OnMaster {
    public static final Permission ARTIFACTS = Permission.named("Run.Artifacts");

    protected Run(@NonNull JobT job) throws IOException {}

    @CheckForNull
    public Executor getExecutor() {
        return null;
    }

    @NonNull
    public String getExternalizableId() {
        return getParent().getFullName() + "#" + getNumber();
    }

    @CheckForNull
    public static Run<?, ?> fromExternalizableId(String id) throws IllegalArgumentException {
        return null;
    }

    @CheckForNull
    public <T extends Cause> T getCause(Class<T> type) {
        return null;
    }

    public List<Cause> getCauses() {
        return List.of();
    }

    @NonNull
    public final Charset getCharset() {
        return StandardCharsets.UTF_8;
    }

    @NonNull
    public List<String> getLog(int maxLines) throws IOException {
        return List.of();
    }

    public long getDuration() {
        return 0;
    }

    public final boolean isKeepLog() {
        return false;
    }

    @CheckForNull
    public Result getResult() {
        return null;
    }

    public void setResult(@NonNull Result r) {}

    public boolean isBuilding() {
        return false;
    }

    @NonNull
    public JobT getParent() {
        throw new IllegalStateException("no build without Jenkins");
    }

    public String getFullDisplayName() {
        return getDisplayName();
    }

    @Override
    public String getDisplayName() {
        return "#" + getNumber();
    }

    public int getNumber() {
        return 0;
    }

    public final long getStartTimeInMillis() {
        return 0;
    }

    @CheckForNull
    public RunT getPreviousBuild() {
        return null;
    }

    @NonNull
    public String getUrl() {
        return "";
    }

    @NonNull
    @Override
    public File getRootDir() {
        return null;
    }

    @NonNull
    public EnvVars getEnvironment(@NonNull TaskListener listener) throws IOException, InterruptedException {
        return new EnvVars();
    }

    @NonNull
    public final ArtifactManager pickArtifactManager() throws IOException {
        throw new IOException("no artifacts without Jenkins");
    }

    public void deleteArtifacts() throws IOException {
        throw new IOException("no artifacts without Jenkins");
    }

    @NonNull
    public final ArtifactManager getArtifactManager() {
        throw new IllegalStateException("no artifacts without Jenkins");
    }

    @Override
    public ACL getACL() {
        return ACL.lambda2((who, what) -> true);
    }

    @Override
    public synchronized void save() throws IOException {}

    @Override
    public int compareTo(@NonNull RunT that) {
        return getNumber() - that.getNumber();
    }
}
