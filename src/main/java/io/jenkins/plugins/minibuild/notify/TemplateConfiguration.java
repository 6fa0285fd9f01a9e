package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import java.util.Locale;
import jenkins.model.Jenkins;
import org.jvnet.localizer.LocaleProvider;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A channel's own template for one event. */
public final class TemplateConfiguration implements Describable<TemplateConfiguration> {
    private final String event;
    private final String text;

    /**
     * @throws IllegalArgumentException saying what is wrong with the event or the text
     */
    @DataBoundConstructor
    public TemplateConfiguration(String event, String text) {
        this.event = Event.of(Util.fixEmptyAndTrim(event)).id();
        this.text = Util.fixNull(text);
        Template.parse(this.text);
    }

    /** The id of the event. */
    public String getEvent() {
        return event;
    }

    /** The Mustache template. */
    public String getText() {
        return text;
    }

    static ListBoxModel events() {
        ListBoxModel model = new ListBoxModel();
        for (Event each : Event.values()) {
            model.add(each.title(LocaleProvider.getLocale()) + " (" + each.id() + ")", each.id());
        }
        return model;
    }

    @Extension
    public static final class DescriptorImpl extends Descriptor<TemplateConfiguration> {
        @Override
        @NonNull
        public String getDisplayName() {
            return "";
        }

        @POST
        public ListBoxModel doFillEventItems(@CheckForNull @AncestorInPath Item item) {
            ChannelConfiguration.checkPermission(item);
            return events();
        }

        @POST
        public FormValidation doCheckText(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Template.parse(Util.fixNull(value)));
        }

        /** Shows the message of a sample build for each kind of service, for the button "Preview". */
        @POST
        public FormValidation doTestPreview(
                @CheckForNull @AncestorInPath Item item,
                @QueryParameter String event,
                @QueryParameter String text,
                @QueryParameter String language) {
            ChannelConfiguration.checkPermission(item);
            Locale locale = ChannelConfiguration.locale(language);
            try {
                String root = Util.fixNull(Jenkins.get().getRootUrl());
                Notice sample = Notice.sample(Event.of(event), root.isEmpty() ? "http://localhost/" : root);
                Template template = Util.fixEmptyAndTrim(text) == null ? null : Template.parse(text);
                StringBuilder shown = new StringBuilder();
                for (Markup each : Markup.values()) {
                    Template used = template == null ? Template.standard(each, locale) : template;
                    shown.append("<p><b>")
                            .append(Util.escape(each.title()))
                            .append("</b></p><pre>")
                            .append(Util.escape(used.render(sample.valuesFor(each, locale), each)))
                            .append("</pre>");
                }
                return FormValidation.okWithMarkup(shown.toString());
            } catch (IllegalArgumentException e) {
                return FormValidation.error(e.getMessage());
            }
        }
    }
}
