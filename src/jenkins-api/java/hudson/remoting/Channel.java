package hudson.remoting;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;

/** The connection of a controller and an agent. */
public abstract class Channel implements VirtualChannel {
    /** The one over which an object is being read; null without Jenkins. */
    @CheckForNull
    public static Channel current() {
        return null;
    }

    @Override
    public abstract <V, T extends Throwable> Future<V> callAsync(Callable<V, T> callable) throws IOException;

    public abstract static class Listener {
        public void onClosed(Channel channel, IOException cause) {}
    }

    public void addListener(Listener l) {
        throw new IllegalStateException("no connections without Jenkins");
    }

    public boolean removeListener(Listener l) {
        throw new IllegalStateException("no connections without Jenkins");
    }

    public boolean isClosingOrClosed() {
        return false;
    }
}
