package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;

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

    /** What runs on an executor. */
    public interface Executable extends Runnable {
        @Override
        void run();
    }

    /** Tells whether something differs enough from what is queued already. */
    public interface QueueAction extends Action {
        boolean shouldSchedule(List<Action> actions);
    }

    /** What can be queued. */
    public interface Task extends ModelObject {
        default String getFullDisplayName() {
            return getDisplayName();
        }

        String getUrl();
    }

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
