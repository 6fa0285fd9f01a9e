package hudson.model;

import java.io.Serializable;

/** The value of a parameter. */
public abstract class ParameterValue implements Serializable {
    private static final long serialVersionUID = 1L;

    protected final String name;

    protected ParameterValue(String name) {
        this.name = name;
    }

    public final String getName() {
        return name;
    }

    /** Whether it is a secret. */
    public boolean isSensitive() {
        return false;
    }
}
