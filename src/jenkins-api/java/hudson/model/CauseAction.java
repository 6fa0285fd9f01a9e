package hudson.model;

import java.util.List;

/** The causes of a build. */
public class CauseAction extends InvisibleAction {
    private final List<Cause> causes;

    public CauseAction(Cause... c) {
        causes = List.of(c);
    }

    public List<Cause> getCauses() {
        return causes;
    }
}
