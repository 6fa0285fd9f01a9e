package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;

/** The queue of builds that have not started. */
public class Queue implements Saveable {
    public Item getItem(long id) {
        return null;
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
    }
}
