package io.jenkins.plugins.minibuild.workflow;

import hudson.Extension;
import hudson.cli.CLICommand;
import io.jenkins.plugins.minibuild.step.StepUseAdapter;
import java.io.IOException;
import jenkins.model.Jenkins;
import org.kohsuke.args4j.Argument;

/** The command {@code mini-build-check-workflow} of Jenkins' command line: says what is wrong with the workflow on its standard input. It ends with 1 if the workflow cannot run. */
@Extension
public final class WorkflowCheckCommandAdapter extends CLICommand {
    @Argument(index = 0, metaVar = "FILE", usage = "Name of the file in messages; it is not opened")
    private String file = ".mini-build.yaml";

    @Override
    public String getName() {
        return "mini-build-check-workflow";
    }

    @Override
    public String getShortDescription() {
        return Messages.WorkflowCheckCommandAdapter_description();
    }

    @Override
    protected int run() throws IOException {
        Jenkins.get().checkPermission(Jenkins.READ);
        WorkflowCheck check =
                WorkflowCheck.of(WorkflowCheck.read(stdin), StepUseAdapter.names(PlaceWorkAdapter::isUsable));
        check.texts(file).forEach(stdout::println);
        if (check.plan() != null) {
            stdout.println(Messages.WorkflowCheck_good(check.plan().jobs().size()));
        }
        return check.isGood() ? 0 : 1;
    }
}
