package io.jenkins.plugins.minibuild.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.ExtensionList;
import hudson.model.TaskListener;
import io.jenkins.plugins.minibuild.language.BoundLocale;
import io.jenkins.plugins.minibuild.language.LanguageAdapter;
import java.io.IOException;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;

/** Runs a step of this plugin that is named by a text, with the checks that it has in a Jenkinsfile. */
public final class StepUseAdapter {
    private StepUseAdapter() {}

    /**
     * Runs a step to its end, on a thread of the controller that may wait. It waits for its slot there, if it needs one.
     *
     * @param name as in a Jenkinsfile
     * @param usable which steps may be used so
     * @param arguments as in a Jenkinsfile: texts, numbers, booleans, lists and maps
     * @param context made by {@link JenkinsBuildAdapter}
     * @param log takes what the step prints
     * @return what it returns in a Pipeline
     * @throws AbortException if there is no such step, it refuses an argument, or it fails for what a user can mend
     */
    public static Map<String, Object> use(
            String name,
            Predicate<String> usable,
            Map<String, Object> arguments,
            EnvVars environment,
            BuildContext context,
            TaskListener log)
            throws IOException, InterruptedException {
        JenkinsBuildAdapter place = (JenkinsBuildAdapter) context;
        try (BoundLocale spoken = LanguageAdapter.bind(place.run())) {
            Step made = made(descriptor(name, usable), arguments, log);
            if (made instanceof UsableStep plain) {
                return plain.use(place.run(), environment, log);
            }
            TaskStep<?> step = (TaskStep<?>) made;
            SlotProviderAdapter slots = step.slotPool() == null ? null : SlotProviderAdapter.find();
            if (slots == null) {
                return run(step, within(place, environment, log, null));
            }
            Interruption interruption = new Interruption();
            SlotWait waiting = new SlotWait(interruption::end);
            SlotProviderAdapter.SlotRequest request = slots.request(
                    new SlotProviderAdapter.Need(
                            SlotProviderAdapter.Wanted.by(step, place.run().getParent(), environment),
                            place.run(),
                            environment,
                            place.agent(),
                            place.workspace().getRemote(),
                            log),
                    waiting);
            try {
                SlotWait.Grant grant = waiting.await();
                EnvVars granted = new EnvVars(environment);
                granted.putAll(grant.variables());
                return run(step, within(place, granted, grant.log(), request));
            } catch (InterruptedException e) {
                interruption.explain(e);
                throw e;
            } finally {
                interruption.over();
                request.release();
            }
        }
    }

    /** The names of the steps that can be used so, sorted. */
    public static SortedSet<String> names(Predicate<String> usable) {
        SortedSet<String> names = new TreeSet<>();
        for (StepDescriptor each : ExtensionList.lookup(StepDescriptor.class)) {
            if (isUsable(each) && usable.test(each.getFunctionName())) {
                names.add(each.getFunctionName());
            }
        }
        return names;
    }

    private static JenkinsBuildAdapter within(
            JenkinsBuildAdapter place,
            EnvVars environment,
            TaskListener log,
            @CheckForNull SlotProviderAdapter.SlotRequest slot)
            throws IOException, InterruptedException {
        return new JenkinsBuildAdapter(
                place.run(),
                place.node(),
                place.workspace(),
                slot == null ? place.launcher() : slot.limited(place.launcher()),
                environment,
                log,
                slot);
    }

    private static <R> Map<String, Object> run(TaskStep<R> step, JenkinsBuildAdapter context)
            throws IOException, InterruptedException {
        return step.toReturnValue(step.perform(context));
    }

    private static boolean isUsable(StepDescriptor descriptor) {
        return TaskStep.class.isAssignableFrom(descriptor.clazz) || UsableStep.class.isAssignableFrom(descriptor.clazz);
    }

    private static StepDescriptor descriptor(String name, Predicate<String> usable) throws AbortException {
        for (StepDescriptor each : ExtensionList.lookup(StepDescriptor.class)) {
            if (isUsable(each) && usable.test(name) && name.equals(each.getFunctionName())) {
                return each;
            }
        }
        throw new AbortException(Messages.StepUseAdapter_none(name, String.join(", ", names(usable))));
    }

    private static Step made(StepDescriptor descriptor, Map<String, Object> arguments, TaskListener log)
            throws AbortException {
        try {
            return (Step) DescribableModel.of(descriptor.clazz).instantiate(new TreeMap<>(arguments), log);
        } catch (IllegalArgumentException e) {
            throw new AbortException(
                    Messages.StepUseAdapter_refused(descriptor.getFunctionName(), RefusedValueException.innermost(e)));
        }
    }

    /** The thread that a step runs in; a limit interrupts it. */
    private static final class Interruption {
        private Thread thread = Thread.currentThread();
        private Throwable why;

        synchronized void over() {
            thread = null;
        }

        synchronized void end(Throwable cause) {
            if (thread != null) {
                why = cause;
                thread.interrupt();
            }
        }

        /** Fails with what a limit said, if it was a limit that interrupted the thread. */
        synchronized void explain(InterruptedException e) throws AbortException {
            if (why instanceof FlowInterruptedException limit
                    && !limit.getCauses().isEmpty()) {
                AbortException said =
                        new AbortException(limit.getCauses().get(0).getShortDescription());
                said.initCause(e);
                throw said;
            }
        }
    }
}
