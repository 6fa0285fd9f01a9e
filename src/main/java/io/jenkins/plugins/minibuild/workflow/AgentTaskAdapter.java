package io.jenkins.plugins.minibuild.workflow;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Computer;
import hudson.model.Executor;
import hudson.model.Item;
import hudson.model.Label;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.User;
import hudson.model.queue.QueueListener;
import hudson.model.queue.SubTask;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import hudson.security.AccessControlled;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import jenkins.model.queue.AsynchronousExecution;
import org.kohsuke.stapler.export.ExportedBean;
import org.springframework.security.core.Authentication;

/**
 * A job of a workflow in Jenkins' queue: it takes an executor of an agent and keeps it, without a thread, until it is released. A restart of Jenkins forgets it; the
 * workflow asks again.
 */
@ExportedBean
public final class AgentTaskAdapter implements Queue.TransientTask, AccessControlled {
    private final Run<?, ?> run;
    private final String name;
    private final Label label;
    private final Taker taker;
    private final AtomicBoolean over = new AtomicBoolean();

    /** Hears what becomes of the task. */
    interface Taker {
        /** It has an executor. */
        void taken(Held held);

        /**
         * Somebody stopped it at its executor.
         *
         * @param user the id
         */
        void stopped(String user);

        /** Somebody removed it from the queue, or refused it. */
        void cancelled();
    }

    /** An executor that is kept. */
    interface Held {
        Node node();

        Computer computer();

        void release();
    }

    AgentTaskAdapter(Run<?, ?> run, String name, Label label, Taker taker) {
        this.run = run;
        this.name = name;
        this.label = label;
        this.taker = taker;
    }

    void schedule() {
        if (Queue.getInstance().schedule2(this, 0).isRefused() && over.compareAndSet(false, true)) {
            taker.cancelled();
        }
    }

    /** Takes it out of the queue; it is told of nothing more. */
    void withdraw() {
        if (over.compareAndSet(false, true)) {
            Queue.getInstance().cancel(this);
        }
    }

    private void removed() {
        if (over.compareAndSet(false, true)) {
            taker.cancelled();
        }
    }

    @Override
    public Label getAssignedLabel() {
        return label;
    }

    @Override
    public String getName() {
        return getDisplayName();
    }

    @Override
    public String getDisplayName() {
        return run.getFullDisplayName() + " » " + name;
    }

    @Override
    public String getFullDisplayName() {
        return getDisplayName();
    }

    @Override
    public String getUrl() {
        return run.getUrl() + "mini-build-workflow/";
    }

    @NonNull
    @Override
    public Queue.Task getOwnerTask() {
        return run.getParent() instanceof Queue.Task task ? task : this;
    }

    @CheckForNull
    @Override
    public Queue.Executable getOwnerExecutable() {
        return run instanceof Queue.Executable executable ? executable : null;
    }

    @NonNull
    @Override
    public Authentication getDefaultAuthentication2() {
        return run.getParent() instanceof Queue.Task task ? Tasks.getAuthenticationOf2(task) : ACL.SYSTEM2;
    }

    @NonNull
    @Override
    public ACL getACL() {
        return run.getACL();
    }

    @Override
    public boolean hasAbortPermission() {
        return run.hasPermission(Item.CANCEL);
    }

    @Override
    public void checkAbortPermission() {
        run.checkPermission(Item.CANCEL);
    }

    @Override
    public Queue.Executable createExecutable() {
        return new Executable();
    }

    /** The executor works for the task. */
    private final class Executable implements Queue.Executable {
        @NonNull
        @Override
        public SubTask getParent() {
            return AgentTaskAdapter.this;
        }

        @CheckForNull
        @Override
        public Queue.Executable getParentExecutable() {
            return getOwnerExecutable();
        }

        @Override
        public void run() {
            Executor executor = Executor.currentExecutor();
            Computer computer = executor == null ? null : executor.getOwner();
            Node node = computer == null ? null : computer.getNode();
            if (node == null || !over.compareAndSet(false, true)) {
                return;
            }
            Keeping keeping = new Keeping(AgentTaskAdapter.this, node, computer);
            taker.taken(keeping);
            throw keeping;
        }

        @Override
        public String toString() {
            return getDisplayName();
        }
    }

    /** Keeps the executor without its thread. */
    private static final class Keeping extends AsynchronousExecution implements Held {
        private static final long serialVersionUID = 1L;

        private final transient Node node;
        private final transient Computer computer;
        private final transient AgentTaskAdapter task;
        private final AtomicBoolean released = new AtomicBoolean();

        Keeping(AgentTaskAdapter task, Node node, Computer computer) {
            this.task = task;
            this.node = node;
            this.computer = computer;
        }

        @Override
        public Node node() {
            return node;
        }

        @Override
        public Computer computer() {
            return computer;
        }

        @Override
        public void release() {
            if (released.compareAndSet(false, true)) {
                completed(null);
            }
        }

        @Override
        public void interrupt(boolean forShutdown) {
            if (!forShutdown) {
                task.interrupted();
            }
        }

        @Override
        public boolean blocksRestart() {
            return false;
        }

        @Override
        public boolean displayCell() {
            return true;
        }
    }

    /** Somebody pressed the cross at the executor. */
    private void interrupted() {
        User user = User.current();
        taker.stopped(user == null ? "?" : user.getId());
    }

    /** An executor that a job which runs already takes as soon as there is one. */
    static final class Later implements Taker, Held {
        private final Consumer<String> stop;
        private AgentTaskAdapter task;
        private Held held;
        private boolean released;

        /** @param stop takes the id of a user who stopped it at its executor */
        Later(Consumer<String> stop) {
            this.stop = stop;
        }

        synchronized void task(AgentTaskAdapter waiting) {
            task = waiting;
        }

        @Override
        public synchronized void taken(Held executor) {
            if (released) {
                executor.release();
            } else {
                held = executor;
            }
        }

        @Override
        public void stopped(String user) {
            stop.accept(user);
        }

        @Override
        public void cancelled() {
            // The job goes on without.
        }

        @Override
        public Node node() {
            throw new IllegalStateException();
        }

        @Override
        public Computer computer() {
            throw new IllegalStateException();
        }

        @Override
        public synchronized void release() {
            released = true;
            if (held != null) {
                held.release();
            } else {
                task.withdraw();
            }
        }
    }

    /** Hears when somebody removes a task from the queue. */
    @Extension
    public static final class RemovedListener extends QueueListener {
        @Override
        public void onLeft(Queue.LeftItem left) {
            if (left.isCancelled() && left.task instanceof AgentTaskAdapter task) {
                task.removed();
            }
        }
    }
}
