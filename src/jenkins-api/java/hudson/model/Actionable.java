package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;
import java.util.List;

/** Carries actions. */
public abstract class Actionable extends AbstractModelObject {
    private final List<Action> actions = new ArrayList<>();

    public void addAction(@NonNull Action a) {
        actions.add(a);
    }

    public void replaceAction(@NonNull Action a) {
        addOrReplaceAction(a);
    }

    public boolean addOrReplaceAction(@NonNull Action a) {
        actions.removeIf(old -> old.getClass() == a.getClass());
        return actions.add(a);
    }

    @NonNull
    public final List<? extends Action> getAllActions() {
        return List.copyOf(actions);
    }

    @NonNull
    public <T extends Action> List<T> getActions(Class<T> type) {
        return actions.stream().filter(type::isInstance).map(type::cast).toList();
    }

    public <T extends Action> T getAction(Class<T> type) {
        return getActions(type).stream().findFirst().orElse(null);
    }
}
