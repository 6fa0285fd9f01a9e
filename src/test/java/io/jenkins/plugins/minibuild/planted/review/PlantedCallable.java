package io.jenkins.plugins.minibuild.planted.review;

import hudson.remoting.Callable;
import org.jenkinsci.remoting.RoleChecker;

/** Breaks: what runs on an agent refuses to run on the controller. */
public final class PlantedCallable implements Callable<String, RuntimeException> {
    private static final long serialVersionUID = 1L;

    @Override
    public String call() {
        return "";
    }

    @Override
    public void checkRoles(RoleChecker checker) {
        // that is the fault: nothing is checked
    }
}
