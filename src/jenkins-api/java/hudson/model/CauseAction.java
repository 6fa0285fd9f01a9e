package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.queue.FoldableAction;
import java.util.List;

/** The causes of a build. */
public class CauseAction extends InvisibleAction implements FoldableAction {
    private final List<Cause> causes;

    public CauseAction(Cause... c) {
        causes = List.of(c);
    }

    public List<Cause> getCauses() {
        return causes;
    }

    @CheckForNull
    public <T extends Cause> T findCause(Class<T> type) {
        return causes.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElse(null);
    }

    @Override
    public void foldIntoExisting(Queue.Item item, Queue.Task owner, List<Action> otherActions) {}
}
