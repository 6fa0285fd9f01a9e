package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Collections;
import java.util.List;

/** The parameters of a build. */
public class ParametersAction extends InvisibleAction {
    private final List<ParameterValue> parameters;

    public ParametersAction(List<ParameterValue> parameters) {
        this.parameters = List.copyOf(parameters);
    }

    @NonNull
    public List<ParameterValue> getParameters() {
        return Collections.unmodifiableList(parameters);
    }
}
