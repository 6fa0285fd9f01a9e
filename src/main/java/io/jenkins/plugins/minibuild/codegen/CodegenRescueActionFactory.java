package io.jenkins.plugins.minibuild.codegen;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import jenkins.model.TransientActionFactory;

/** Gives a {@link CodegenRescueAction} to builds that left generated code. */
@Extension
@SuppressWarnings("rawtypes") // as declared by Jenkins
public final class CodegenRescueActionFactory extends TransientActionFactory<Run> {
    @Override
    public Class<Run> type() {
        return Run.class;
    }

    @Override
    public Class<? extends Action> actionType() {
        return CodegenRescueAction.class;
    }

    @Override
    @NonNull
    public Collection<? extends Action> createFor(@NonNull Run target) {
        Path log = log(target);
        return Files.exists(log) ? List.of(new CodegenRescueAction(log)) : List.of();
    }

    static Path log(Run<?, ?> run) {
        return run.getRootDir().toPath().resolve("mini-build").resolve(CodegenRescueAction.LOG);
    }
}
