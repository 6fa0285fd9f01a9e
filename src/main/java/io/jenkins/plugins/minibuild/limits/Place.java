package io.jenkins.plugins.minibuild.limits;

import java.io.Serializable;
import java.util.Objects;

/** A workspace on an agent; the name of the built-in node is empty. A class, not a record: it is stored with Pipelines. */
final class Place implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String agent;
    private final String workspace;

    Place(String agent, String workspace) {
        this.agent = agent;
        this.workspace = workspace;
    }

    String agent() {
        return agent;
    }

    String workspace() {
        return workspace;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Place place && agent.equals(place.agent) && workspace.equals(place.workspace);
    }

    @Override
    public int hashCode() {
        return Objects.hash(agent, workspace);
    }
}
