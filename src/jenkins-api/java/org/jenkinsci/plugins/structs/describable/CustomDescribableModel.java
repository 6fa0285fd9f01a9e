package org.jenkinsci.plugins.structs.describable;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Map;

/** Lets a descriptor take other arguments than those of its class, and show others. */
public interface CustomDescribableModel {
    @NonNull
    default Map<String, Object> customInstantiate(@NonNull Map<String, Object> arguments) {
        return arguments;
    }

    @NonNull
    default UninstantiatedDescribable customUninstantiate(@NonNull UninstantiatedDescribable ud) {
        return ud;
    }
}
