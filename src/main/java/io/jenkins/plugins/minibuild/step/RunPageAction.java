package io.jenkins.plugins.minibuild.step;

import hudson.model.Run;
import jenkins.model.RunAction2;

/** An action that is stored with a build, is shown on the page of the build, and knows the build. */
public abstract class RunPageAction implements RunAction2 {

    private transient Run<?, ?> run;

    @Override
    public final void onAttached(Run<?, ?> r) {
        run = r;
    }

    @Override
    public final void onLoad(Run<?, ?> r) {
        run = r;
    }

    /** The build; null before the action belongs to one. */
    public final Run<?, ?> getRun() {
        return run;
    }

    /** No link beside the page: the page itself shows everything. */
    @Override
    public final String getIconFileName() {
        return null;
    }
}
