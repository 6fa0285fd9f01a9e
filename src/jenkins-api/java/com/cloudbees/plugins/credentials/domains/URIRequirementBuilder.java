package com.cloudbees.plugins.credentials.domains;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;

/** The requirements that an address makes; the local slice has one domain only, so none. */
public class URIRequirementBuilder {
    private URIRequirementBuilder() {}

    @NonNull
    public static URIRequirementBuilder fromUri(@CheckForNull String uri) {
        return new URIRequirementBuilder();
    }

    @NonNull
    public List<DomainRequirement> build() {
        return List.of();
    }
}
