package io.jenkins.plugins.minibuild.step;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Is called when a task has checked out a commit. */
public abstract class CheckoutNewsListener implements ExtensionPoint {
    private static final Logger LOGGER = Logger.getLogger(CheckoutNewsListener.class.getName());

    /** A task has checked out a commit into a folder. */
    public abstract void checkedOut(Run<?, ?> run, FilePath folder, TaskListener listener, CheckoutNews news)
            throws IOException, InterruptedException;

    /** Calls every listener. What one of them fails on is logged and does not disturb the build. */
    static void fire(Run<?, ?> run, FilePath folder, TaskListener listener, CheckoutNews news) {
        for (CheckoutNewsListener each : ExtensionList.lookup(CheckoutNewsListener.class)) {
            try {
                each.checkedOut(run, folder, listener, news);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (IOException | RuntimeException e) {
                LOGGER.log(Level.WARNING, each.getClass().getName() + " failed for " + run, e);
            }
        }
    }
}
