package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.model.AbstractProject;
import hudson.model.BuildableItemWithBuildWrappers;
import hudson.model.Computer;
import hudson.model.Job;
import hudson.model.Project;
import hudson.model.Queue;
import hudson.model.queue.CauseOfBlockage;
import hudson.model.queue.QueueTaskDispatcher;
import hudson.tasks.Builder;
import io.jenkins.plugins.minibuild.step.TaskBuilder;
import io.jenkins.plugins.minibuild.step.TaskStep;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import jenkins.util.Timer;

/**
 * Keeps freestyle builds in Jenkins' queue until they get a slot: builds with the build wrapper, and builds with a build step that asks for a
 * slot by itself. Jenkins calls it with the queue locked, for every item, again and again.
 */
@Extension
public final class LimitsQueueAdapter extends QueueTaskDispatcher {
    @Override
    @CheckForNull
    public CauseOfBlockage canRun(Queue.Item item) {
        if (!(item.task instanceof AbstractProject<?, ?> project)) {
            return null;
        }
        MiniBuildLimitsStep need = needOf(project);
        if (need == null) {
            return null;
        }
        SlotsAdapter slots = SlotsAdapter.get();
        SlotTicketAction action = item.getAction(SlotTicketAction.class);
        if (action == null) {
            List<String> pools = poolsOf(need, project);
            Ticket ticket =
                    slots.draw(item, need.parsedPriority(), need.narrowed()).with(resourcesOf(project));
            action = new SlotTicketAction(pools, ticket);
            item.addAction(action);
            // Jenkins stores its queue only now and then, but the item must survive a crash.
            Computer.threadPoolForRemoting.execute(
                    () -> Jenkins.get().getQueue().save());
        }
        return blockage(slots, need, action);
    }

    @CheckForNull
    private static CauseOfBlockage blockage(SlotsAdapter slots, MiniBuildLimitsStep need, SlotTicketAction action) {
        if (action.refused() != null) {
            return null;
        }
        SlotPool.Standing standing = slots.pools().request(action.pools(), action.ticket(), LimitsQueueAdapter::called);
        switch (standing) {
            // Where no more can wait for the pool, the item waits in Jenkins' queue until there is room. It keeps its
            // ticket's place.
            case REFUSED, WAITING -> {
                Limits limits = need.resolved();
                long waited = System.currentTimeMillis() - action.ticket().drawnAt();
                if (waited >= limits.most(Limit.QUEUE_TIMEOUT)) {
                    String wait = slots.describeWait(action.pools(), action.ticket());
                    slots.pools().release(action.ticket().id());
                    action.refuse(limits.exceeded(Limit.QUEUE_TIMEOUT, wait));
                    return null;
                }
                if (limits.has(Limit.QUEUE_TIMEOUT) && action.firstLook()) {
                    lookAgain(limits.most(Limit.QUEUE_TIMEOUT) - waited);
                }
                return standing == SlotPool.Standing.REFUSED ? new WaitsForRoom(action) : new WaitsForSlot(action);
            }
            default -> {
                return null;
            }
        }
    }

    /** A slot is free for an item: Jenkins looks for an executor. If it finds none, the next ticket may overtake. */
    private static void called() {
        lookAgain(0);
        Timer.get()
                .schedule(() -> SlotsAdapter.get().pools().review(), SlotPool.CALL_MILLIS + 100, TimeUnit.MILLISECONDS);
    }

    private static void lookAgain(long millis) {
        Timer.get().schedule(() -> Jenkins.get().getQueue().scheduleMaintenance(), millis, TimeUnit.MILLISECONDS);
    }

    /** The slot that a project needs before it can run; null if it needs none. */
    @CheckForNull
    static MiniBuildLimitsStep needOf(AbstractProject<?, ?> project) {
        if (project instanceof BuildableItemWithBuildWrappers wrapped) {
            MiniBuildLimitsWrapper wrapper = wrapped.getBuildWrappersList().get(MiniBuildLimitsWrapper.class);
            if (wrapper != null) {
                return wrapper.getStep();
            }
        }
        return project instanceof Project<?, ?> steps ? needOf(steps.getBuilders()) : null;
    }

    private static List<String> poolsOf(MiniBuildLimitsStep need, AbstractProject<?, ?> project) {
        return poolsOf(need.poolName(), project instanceof Project<?, ?> steps ? steps.getBuilders() : List.of());
    }

    /**
     * The pools of which a build takes a slot before it starts, so that it never waits for the second one with the first one and an executor in its
     * hands.
     *
     * @param first that of the build wrapper, or of the first step
     */
    static List<String> poolsOf(String first, List<Builder> builders) {
        return Stream.concat(Stream.of(first), stepsOf(builders).map(TaskStep::slotPool))
                .distinct()
                .toList();
    }

    /** What the build steps have to use alone. */
    private static Set<String> resourcesOf(AbstractProject<?, ?> project) {
        return project instanceof Project<?, ?> steps
                ? stepsOf(steps.getBuilders())
                        .flatMap(step -> step.resources(project, new EnvVars()).stream())
                        .collect(Collectors.toSet())
                : Set.of();
    }

    /** The build steps that ask for a slot. A config.xml that was written by hand can lack the step in one; the build says so when it runs. */
    private static Stream<TaskStep<?>> stepsOf(List<Builder> builders) {
        return builders.stream().<TaskStep<?>>mapMulti((builder, steps) -> {
            TaskStep<?> step = builder instanceof TaskBuilder<?> task ? task.getStep() : null;
            if (step != null && step.slotPool() != null) {
                steps.accept(step);
            }
        });
    }

    /** The need of the first build step that asks for a slot; null if none does. */
    @CheckForNull
    static MiniBuildLimitsStep needOf(List<Builder> builders) {
        return stepsOf(builders)
                .findFirst()
                .map(step -> MiniBuildLimitsStep.of(step.slotPool()))
                .orElse(null);
    }

    /** The pools of which a build of a job takes a slot before it starts; empty for Pipelines, which ask when they run. */
    static List<String> poolsOf(Job<?, ?> job) {
        MiniBuildLimitsStep need = job instanceof AbstractProject<?, ?> project ? needOf(project) : null;
        return need == null ? List.of() : poolsOf(need, (AbstractProject<?, ?>) job);
    }

    /** Too many builds wait for the pool for the item to have a place there. */
    private static final class WaitsForRoom extends CauseOfBlockage {
        private final SlotTicketAction action;

        WaitsForRoom(SlotTicketAction action) {
            this.action = action;
        }

        @Override
        public String getShortDescription() {
            return Messages.Slots_room(String.join("', '", action.pools()), SlotPool.CAPACITY);
        }
    }

    /** The reason that Jenkins shows beside the item. It names only builds that the user may see. */
    private static final class WaitsForSlot extends CauseOfBlockage {
        private final SlotTicketAction action;

        WaitsForSlot(SlotTicketAction action) {
            this.action = action;
        }

        @Override
        public String getShortDescription() {
            return SlotsAdapter.get().describeWaitToViewer(action.pools(), action.ticket());
        }
    }
}
