package jenkins.model.queue;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import jenkins.model.FullyNamedModelObject;

/** What the queue and its pages know of a task. */
public interface ITask extends FullyNamedModelObject {
    default boolean hasAbortPermission() {
        return true;
    }

    @Override
    default String getFullDisplayName() {
        return getDisplayName();
    }

    @CheckForNull
    String getUrl();
}
