package hudson.model;

import java.io.IOException;

/** Work that Jenkins does again and again, in a thread of its own and with a log of its own. */
public abstract class AsyncPeriodicWork extends PeriodicWork {
    public final String name;

    protected AsyncPeriodicWork(String name) {
        this.name = name;
    }

    @Override
    public final void doRun() {
        throw new IllegalStateException("no threads without Jenkins");
    }

    protected abstract void execute(TaskListener listener) throws IOException, InterruptedException;
}
