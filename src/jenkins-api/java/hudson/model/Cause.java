package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** Why a build was started. */
@ExportedBean
public abstract class Cause {
    @Exported(visibility = 3)
    public abstract String getShortDescription();

    public void print(TaskListener listener) {
        listener.getLogger().println(getShortDescription());
    }

    /** Another build started it. */
    public static class UpstreamCause extends Cause {
        private final List<Cause> upstreamCauses;

        public UpstreamCause(Run<?, ?> up) {
            upstreamCauses = List.copyOf(up.getCauses());
        }

        @Override
        public String getShortDescription() {
            return "Started by another build";
        }

        @NonNull
        public List<Cause> getUpstreamCauses() {
            return upstreamCauses;
        }
    }

    /** A user started it. */
    public static class UserIdCause extends Cause {
        private final String userId;

        public UserIdCause() {
            this(null);
        }

        public UserIdCause(@CheckForNull String userId) {
            this.userId = userId;
        }

        @Override
        public String getShortDescription() {
            return "Started by user";
        }

        @CheckForNull
        public String getUserId() {
            return userId;
        }

        @NonNull
        public String getUserName() {
            return "anonymous";
        }
    }
}
