package io.jenkins.plugins.minibuild.step;

import hudson.model.Run;
import jenkins.model.RunAction2;

/** What is stored with a build and shown on its page, and knows its build. */
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

    /** No entry beside the page: what there is to see is on it. */
    @Override
    public final String getIconFileName() {
        return null;
    }
}
