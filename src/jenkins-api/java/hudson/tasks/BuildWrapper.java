package hudson.tasks;

import hudson.ExtensionPoint;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.Describable;
import java.io.IOException;
import java.io.OutputStream;

/** Stands around a freestyle build. */
@SuppressWarnings("rawtypes") // as declared by Jenkins
public abstract class BuildWrapper implements Describable<BuildWrapper>, ExtensionPoint {
    public Environment setUp(AbstractBuild build, Launcher launcher, BuildListener listener)
            throws IOException, InterruptedException {
        throw new UnsupportedOperationException();
    }

    public Launcher decorateLauncher(AbstractBuild build, Launcher launcher, BuildListener listener)
            throws IOException, InterruptedException {
        return launcher;
    }

    public OutputStream decorateLogger(AbstractBuild build, OutputStream logger)
            throws IOException, InterruptedException {
        return logger;
    }

    /** What it has set up. */
    public abstract class Environment extends hudson.model.Environment {
        public boolean tearDown(AbstractBuild build, BuildListener listener) throws IOException, InterruptedException {
            return true;
        }
    }
}
