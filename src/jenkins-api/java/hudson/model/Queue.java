package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.queue.CauseOfBlockage;
import hudson.model.queue.ScheduleResult;
import hudson.model.queue.SubTask;
import hudson.security.ACL;
import java.util.List;
import jenkins.model.FullyNamedModelObject;
import org.springframework.security.core.Authentication;

/** The queue of builds that have not started. */
public class Queue implements Saveable {
    public Item getItem(long id) {
        return null;
    }

    @NonNull
    public Item[] getItems() {
        return new Item[0];
    }

    @Override
    public void save() {}

    public java.util.concurrent.Future<?> scheduleMaintenance() {
        return null;
    }

    public static Queue getInstance() {
        throw new IllegalStateException("no queue without Jenkins");
    }

    @NonNull
    public ScheduleResult schedule2(Task p, int quietPeriod, Action... actions) {
        throw new IllegalStateException("no queue without Jenkins");
    }

    public boolean cancel(Task p) {
        return false;
    }

    /** What runs on an executor. */
    public interface Executable extends Runnable {
        @NonNull
        SubTask getParent();

        @CheckForNull
        default Executable getParentExecutable() {
            return null;
        }

        @Override
        void run();
    }

    /** Tells whether something differs enough from what is queued already. */
    public interface QueueAction extends Action {
        boolean shouldSchedule(List<Action> actions);
    }

    /** What can be queued. */
    public interface Task extends FullyNamedModelObject, SubTask {
        @CheckForNull
        default CauseOfBlockage getCauseOfBlockage() {
            return null;
        }

        String getName();

        default String getAffinityKey() {
            return getFullDisplayName();
        }

        default void checkAbortPermission() {}

        @Override
        String getUrl();

        default boolean isConcurrentBuild() {
            return false;
        }

        @NonNull
        default Authentication getDefaultAuthentication2() {
            return ACL.SYSTEM2;
        }
    }

    /** A task that a restart of Jenkins forgets. */
    public interface TransientTask extends Task {}

    /** Something that is queued. */
    public abstract static class Item extends Actionable {
        @NonNull
        public final Task task;

        protected Item(@NonNull Task task) {
            this.task = task;
        }

        public long getId() {
            return 0;
        }

        public String getUrl() {
            return "";
        }

        @Override
        public String getDisplayName() {
            return task.getDisplayName();
        }
    }

    /** Something that has left the queue. */
    public static final class LeftItem extends Item {
        private LeftItem(Task task) {
            super(task);
        }

        public boolean isCancelled() {
            return false;
        }

        @CheckForNull
        public Executable getExecutable() {
            return null;
        }
    }
}
