package io.jenkins.plugins.minibuild.codegen;

import hudson.model.InvisibleAction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** Shows on the build's page, and in its API, what {@link CodegenRescueListener} did with generated code after the build ended. */
@ExportedBean(defaultVisibility = 2)
public final class CodegenRescueAction extends InvisibleAction {
    /** The log's name in the plugin's folder of the build. */
    static final String LOG = "codegen-rescue.log";

    private final Path log;

    CodegenRescueAction(Path log) {
        this.log = log;
    }

    /** The whole log: a few lines. */
    @Exported
    public String getText() throws IOException {
        return Files.readString(log);
    }
}
