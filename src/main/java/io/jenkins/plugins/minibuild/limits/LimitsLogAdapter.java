package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.console.ConsoleLogFilter;
import hudson.console.LineTransformationOutputStream;
import hudson.model.Run;
import hudson.remoting.Channel;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.security.SlaveToMasterCallable;

/**
 * Sees every line that a block logs. A line counts against the limit of the log, and the block is not idle. Some steps log from the
 * agent: there each stream has its own budget, and the agent reports to the controller at most once a second.
 */
final class LimitsLogAdapter extends ConsoleLogFilter implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = Logger.getLogger(LimitsLogAdapter.class.getName());
    private static final long REPORT_NANOS = 1_000_000_000L;

    private final String id;
    private final Limits limits;
    /** The channel to the controller, when this copy is on an agent; null on the controller. */
    private transient Channel channel;

    LimitsLogAdapter(String id, Limits limits) {
        this.id = id;
        this.limits = limits;
    }

    private Object readResolve() {
        channel = Channel.current();
        return this;
    }

    @Override
    @SuppressWarnings("rawtypes") // as declared by Jenkins
    public OutputStream decorateLogger(@CheckForNull Run build, OutputStream logger) {
        if (channel != null) {
            Channel controller = channel;
            AtomicLong reported = new AtomicLong(System.nanoTime() - REPORT_NANOS);
            LogBudget budget = new LogBudget(limits);
            return new LimitedStream(logger, budget, () -> {
                long before = reported.get();
                if (System.nanoTime() - before >= REPORT_NANOS && reported.compareAndSet(before, System.nanoTime())) {
                    report(controller);
                }
            });
        }
        return new OfBlock(logger, id);
    }

    private void report(Channel controller) {
        try {
            controller.callAsync(new LineLogged(id));
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "The controller is gone", e);
        }
    }

    /** The log of a whole build; its end is written when it is closed. */
    static OutputStream ofBuild(OutputStream logger, LogBudget budget, Runnable onLine) {
        return new LimitedStream(logger, budget, onLine);
    }

    /** The log of a step of a block. */
    static OutputStream ofBlock(OutputStream logger, String id) {
        return new OfBlock(logger, id);
    }

    /** The log of a step of a Pipeline build that has held a slot. */
    static OutputStream ofPipeline(OutputStream logger, String build) {
        return new OfPipeline(logger, build);
    }

    /** A stream of a Pipeline: all of them share the budget of the build. */
    private static final class OfPipeline extends LineTransformationOutputStream.Delegating {
        private final OutputStream logger;
        private final String build;

        OfPipeline(OutputStream logger, String build) {
            super(logger);
            this.logger = logger;
            this.build = build;
        }

        @Override
        protected void eol(byte[] line, int length) throws IOException {
            BuildLog log = SlotsAdapter.get().logOf(build);
            if (log == null) {
                logger.write(line, 0, length);
            } else {
                log.write(line, length, logger);
            }
        }
    }

    /** A stream within a budget. */
    private static final class LimitedStream extends LineTransformationOutputStream.Delegating {
        private final LogBudget budget;
        private final Runnable onLine;

        LimitedStream(OutputStream out, LogBudget budget, Runnable onLine) {
            super(out);
            this.budget = budget;
            this.onLine = onLine;
        }

        @Override
        protected void eol(byte[] line, int length) throws IOException {
            onLine.run();
            budget.write(line, length, out);
        }

        @Override
        public void close() throws IOException {
            forceEol();
            budget.finish(out);
            super.close();
        }
    }

    /** A stream of one step of a block: all of them share the budget of the block. */
    private static final class OfBlock extends LineTransformationOutputStream.Delegating {
        private final OutputStream logger;
        private final String id;

        OfBlock(OutputStream logger, String id) {
            super(logger);
            this.logger = logger;
            this.id = id;
        }

        @Override
        protected void eol(byte[] line, int length) throws IOException {
            Watch watch = SlotsAdapter.get().watchOf(id);
            if (watch == null) {
                logger.write(line, 0, length);
            } else {
                watch.lineLogged();
                watch.log().write(line, length, logger);
            }
        }
    }

    /** From an agent: the block has logged. */
    private static final class LineLogged extends SlaveToMasterCallable<Void, RuntimeException> {
        private static final long serialVersionUID = 1L;

        private final String id;

        LineLogged(String id) {
            this.id = id;
        }

        @Override
        public Void call() {
            Watch watch = SlotsAdapter.get().watchOf(id);
            if (watch != null) {
                watch.lineLogged();
            }
            return null;
        }
    }
}
