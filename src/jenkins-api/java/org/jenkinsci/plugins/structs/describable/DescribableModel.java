package org.jenkinsci.plugins.structs.describable;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.TaskListener;
import java.io.Serializable;
import java.util.Map;

/** The parameters of a describable. */
public final class DescribableModel<T> implements Serializable {
    private static final long serialVersionUID = 1L;

    private DescribableModel() {}

    public static <T> DescribableModel<T> of(Class<T> clazz) {
        throw new IllegalStateException("no forms without Jenkins");
    }

    public UninstantiatedDescribable uninstantiate2(T o) throws UnsupportedOperationException {
        throw new IllegalStateException("no forms without Jenkins");
    }

    public T instantiate(Map<String, ?> arguments, @CheckForNull TaskListener listener)
            throws IllegalArgumentException {
        throw new IllegalStateException("no forms without Jenkins");
    }
}
