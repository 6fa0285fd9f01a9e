package io.jenkins.plugins.minibuild.step;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Run;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Is told what happens in a build besides its start and its end; so capabilities tell people of what they did without knowing how. */
public abstract class BuildNewsListener implements ExtensionPoint {
    private static final Logger LOGGER = Logger.getLogger(BuildNewsListener.class.getName());

    /**
     * Something happened.
     *
     * @param event {@code start} where it is known later than the build starts what is built, {@code uploaded}, {@code previewReady}, {@code codegenDone}, {@code reviewDone}, {@code reviewWanted} or {@code verdictGiven}
     * @param facts as in {@link BuildNews#newsFacts}
     */
    public abstract void happened(Run<?, ?> run, String event, Map<String, String> facts);

    /** Tells all of them; what one of them does wrong is logged and does not disturb the build. */
    public static void fire(Run<?, ?> run, String event, Map<String, String> facts) {
        for (BuildNewsListener each : ExtensionList.lookup(BuildNewsListener.class)) {
            try {
                each.happened(run, event, facts);
            } catch (RuntimeException e) {
                LOGGER.log(Level.WARNING, each.getClass().getName() + " failed on " + event, e);
            }
        }
    }
}
