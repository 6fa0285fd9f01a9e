package hudson.model;

/** What waits for an executor. */
public class Queue {
    /** What an executor runs. */
    public interface Executable extends Runnable {
        @Override
        void run();
    }
}
