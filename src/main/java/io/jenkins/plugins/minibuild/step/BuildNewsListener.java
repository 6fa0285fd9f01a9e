package io.jenkins.plugins.minibuild.step;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Run;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Is called when a step reports an event. So a step has people notified without knowing the notifications. */
public abstract class BuildNewsListener implements ExtensionPoint {
    private static final Logger LOGGER = Logger.getLogger(BuildNewsListener.class.getName());

    /**
     * A step has reported an event.
     *
     * @param facts what messages say of this event besides the facts of the build, as in {@link BuildNews#newsFacts}
     */
    public abstract void happened(Run<?, ?> run, BuildEvent event, Map<Fact, String> facts);

    /** Calls every listener. An exception of a listener is logged and does not disturb the build. */
    public static void fire(Run<?, ?> run, BuildEvent event, Map<Fact, String> facts) {
        for (BuildNewsListener each : ExtensionList.lookup(BuildNewsListener.class)) {
            try {
                each.happened(run, event, facts);
            } catch (RuntimeException e) {
                LOGGER.log(Level.WARNING, each.getClass().getName() + " failed on " + event, e);
            }
        }
    }
}
