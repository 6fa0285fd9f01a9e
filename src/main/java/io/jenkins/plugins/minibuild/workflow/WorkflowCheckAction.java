package io.jenkins.plugins.minibuild.workflow;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.RootAction;
import io.jenkins.plugins.minibuild.step.ResponseAdapter;
import io.jenkins.plugins.minibuild.step.StepUseAdapter;
import io.jenkins.plugins.minibuild.workflow.parse.WorkflowSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.verb.GET;
import org.kohsuke.stapler.verb.POST;

/** The page "Check a workflow", which says what is wrong with a file and draws its graph; the same for scripts; and the schema of the language for editors. */
@Extension
public final class WorkflowCheckAction implements RootAction {
    /** No link on each page of Jenkins: the step's help and the documentation lead here. */
    @Override
    @CheckForNull
    public String getIconFileName() {
        return null;
    }

    @Override
    public String getDisplayName() {
        return Messages.WorkflowCheckAction_displayName();
    }

    @Override
    public String getUrlName() {
        return WorkflowRunsAction.URL;
    }

    /** The words of the scripts. */
    public WorkflowWords getWords() {
        return new WorkflowWords();
    }

    /** The address that scripts post to. */
    public String getAddress() {
        String root = Jenkins.get().getRootUrl();
        return (root == null ? "JENKINS_URL/" : root) + getUrlName() + "/check";
    }

    /** Checks the YAML that is the request's body, or its form field {@code yaml}, and answers as {@link WorkflowCheck#json} says. */
    @POST
    public void doCheck(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        Jenkins.get().checkPermission(Jenkins.READ);
        String type = request.getContentType();
        boolean form = type != null && type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded");
        String yaml = form ? request.getParameter("yaml") : WorkflowCheck.read(request.getInputStream());
        if (yaml == null) {
            response.sendError(400, Messages.WorkflowCheckAction_noYaml());
            return;
        }
        ResponseAdapter.json(
                response,
                WorkflowCheck.of(yaml, StepUseAdapter.names(PlaceWorkAdapter::isUsable))
                        .json());
    }

    /** The JSON Schema of the language, with descriptions in the reader's language. */
    @GET
    public void doSchema(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        Jenkins.get().checkPermission(Jenkins.READ);
        ResponseAdapter.send(
                response,
                "application/schema+json",
                WorkflowSchema.text(request.getLocale()).getBytes(StandardCharsets.UTF_8));
    }
}
