package org.jenkinsci.plugins.workflow.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.LauncherDecorator;
import hudson.console.ConsoleLogFilter;

/** Starts the body of a block step. */
public abstract class BodyInvoker {
    public BodyInvoker withContexts(Object... overrides) {
        return this;
    }

    public abstract BodyInvoker withCallback(BodyExecutionCallback callback);

    public abstract BodyExecution start();

    public static LauncherDecorator mergeLauncherDecorators(
            @CheckForNull LauncherDecorator original, @NonNull LauncherDecorator subsequent) {
        return subsequent;
    }

    public static ConsoleLogFilter mergeConsoleLogFilters(
            @CheckForNull ConsoleLogFilter original, @NonNull ConsoleLogFilter subsequent) {
        return subsequent;
    }
}
