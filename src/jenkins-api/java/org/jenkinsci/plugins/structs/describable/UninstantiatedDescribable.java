package org.jenkinsci.plugins.structs.describable;

import java.io.Serializable;
import java.util.Map;

/** A describable as its arguments. */
public class UninstantiatedDescribable implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Map<String, ?> arguments;

    public UninstantiatedDescribable(Map<String, ?> arguments) {
        this.arguments = arguments;
    }

    public UninstantiatedDescribable withArguments(Map<String, ?> arguments) {
        return new UninstantiatedDescribable(arguments);
    }

    public Map<String, ?> getArguments() {
        return arguments;
    }
}
