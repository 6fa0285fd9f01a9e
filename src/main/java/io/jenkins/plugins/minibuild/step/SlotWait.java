package io.jenkins.plugins.minibuild.step;

import hudson.AbortException;
import hudson.model.TaskListener;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** Waits in a thread until a step that runs outside of a Pipeline has its slot. */
final class SlotWait implements SlotProviderAdapter.Requester {
    /** The arguments of {@link SlotProviderAdapter.Requester#granted}. */
    record Grant(Map<String, String> variables, TaskListener log) {}

    private final CompletableFuture<Grant> grant = new CompletableFuture<>();
    private final Consumer<Throwable> ending;

    /** @param ending ends the step, which has its slot, with what a limit says */
    SlotWait(Consumer<Throwable> ending) {
        this.ending = ending;
    }

    Grant await() throws IOException, InterruptedException {
        try {
            return grant.get();
        } catch (ExecutionException e) {
            throw new AbortException(e.getCause().getMessage());
        }
    }

    @Override
    public void granted(Map<String, String> variables, TaskListener log) {
        grant.complete(new Grant(variables, log));
    }

    @Override
    public void end(Throwable cause) {
        if (!grant.completeExceptionally(cause)) {
            ending.accept(cause);
        }
    }
}
