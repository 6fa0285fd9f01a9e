package io.jenkins.plugins.minibuild.codegen;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.claude.ClaudeStep;
import io.jenkins.plugins.minibuild.claude.WorkspacePath;
import io.jenkins.plugins.minibuild.forge.FeishuService;
import io.jenkins.plugins.minibuild.step.BuildContext;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The source of {@code claudeCodegen}'s requirement: text, a file of the workspace, a Feishu document, or several of them. */
public final class RequirementConfiguration implements Describable<RequirementConfiguration>, Serializable {
    private static final long serialVersionUID = 1L;

    private String title;
    private String description;
    private String id;
    private String link;
    private String file;
    private String document;
    private String documentCredentialsId;

    /** Every value is optional, but one of them must be given. */
    @DataBoundConstructor
    public RequirementConfiguration() {
        // nothing is required
    }

    /** One line. */
    @CheckForNull
    public String getTitle() {
        return title;
    }

    @DataBoundSetter
    public void setTitle(@CheckForNull String value) {
        title = Util.fixEmptyAndTrim(value);
    }

    /** The description of the requirement. */
    @CheckForNull
    public String getDescription() {
        return description;
    }

    @DataBoundSetter
    public void setDescription(@CheckForNull String value) {
        description = Util.fixEmptyAndTrim(value);
    }

    /** Names the branch. */
    @CheckForNull
    public String getId() {
        return id;
    }

    @DataBoundSetter
    public void setId(@CheckForNull String value) {
        id = Util.fixEmptyAndTrim(value);
    }

    /** Where people find it. */
    @CheckForNull
    public String getLink() {
        return link;
    }

    @DataBoundSetter
    public void setLink(@CheckForNull String value) {
        link = Util.fixEmptyAndTrim(value);
    }

    /** A text file below the workspace, read before the checkout. */
    @CheckForNull
    public String getFile() {
        return file;
    }

    @DataBoundSetter
    public void setFile(@CheckForNull String value) {
        file = FormAdapter.isVariable(value) ? value : Util.fixEmptyAndTrim(ClaudeStep.checkedDirectory(value));
    }

    /** The address of a Feishu document. */
    @CheckForNull
    public String getDocument() {
        return document;
    }

    @DataBoundSetter
    public void setDocument(@CheckForNull String value) {
        String url = Util.fixEmptyAndTrim(value);
        if (url != null && !FormAdapter.isVariable(url)) {
            FeishuDocument.at(url);
        }
        document = url;
    }

    /** App ID and App Secret as user name and password. */
    @CheckForNull
    public String getDocumentCredentialsId() {
        return documentCredentialsId;
    }

    @DataBoundSetter
    public void setDocumentCredentialsId(@CheckForNull String value) {
        documentCredentialsId = Util.fixEmptyAndTrim(value);
    }

    /**
     * The requirement itself.
     *
     * @throws IllegalArgumentException with a message for users, when it is none
     */
    Requirement read(BuildContext context) throws IOException, InterruptedException {
        String name = Util.fixNull(id);
        String head = Util.fixNull(title);
        String text = Util.fixNull(description);
        if (file != null) {
            String content = WorkspacePath.text(context.workspace(), file, Requirement.LONGEST * 4);
            String base = context.workspace().child(file).getName().replaceFirst("\\.[^.]*$", "");
            Requirement read = Requirement.ofFile(name.isEmpty() ? base : name, content);
            name = read.id();
            text = text.isEmpty() ? read.description() : text + "\n\n" + read.title() + "\n" + read.description();
            head = head.isEmpty() ? read.title() : head;
        }
        return new Requirement(
                name, head, text, Util.fixNull(link), document == null ? "" : documentText(context, document));
    }

    private String documentText(BuildContext context, String url) throws IOException, InterruptedException {
        if (documentCredentialsId == null) {
            throw new AbortException(Messages.RequirementConfiguration_noApp());
        }
        StandardCredentials found =
                context.credentials().require(documentCredentialsId, url, Messages.RequirementConfiguration_kinds());
        if (!(found instanceof StandardUsernamePasswordCredentials app)) {
            throw new AbortException(Messages.RequirementConfiguration_noApp());
        }
        FeishuDocument page = FeishuDocument.at(url);
        List<FeishuService> other = context.settings().all(FeishuService.class);
        return (other.isEmpty() ? page : page.servedBy(other.get(0).api()))
                .read(
                        context.http(),
                        app.getUsername(),
                        app.getPassword().getPlainText(),
                        context.redactor(),
                        context.random());
    }

    @Extension
    public static final class DescriptorImpl extends Descriptor<RequirementConfiguration> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.RequirementConfiguration_displayName();
        }

        @POST
        public FormValidation doCheckId(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(
                    item, value, () -> Requirement.of(Map.of("title", "x", "id", Util.fixNull(value))));
        }

        @POST
        public FormValidation doCheckLink(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(
                    item, value, () -> Requirement.of(Map.of("title", "x", "link", Util.fixNull(value))));
        }

        @POST
        public FormValidation doCheckFile(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> ClaudeStep.checkedDirectory(value));
        }

        /** Checks the address; asks no server. */
        @POST
        public FormValidation doCheckDocument(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, value, () -> {
                if (Util.fixEmptyAndTrim(value) != null) {
                    FeishuDocument.at(value);
                }
            });
        }

        @POST
        public ListBoxModel doFillDocumentCredentialsIdItems(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String documentCredentialsId) {
            return FormAdapter.credentials(
                    item,
                    null,
                    documentCredentialsId,
                    CredentialsMatchers.instanceOf(StandardUsernamePasswordCredentials.class));
        }
    }
}
