package io.jenkins.plugins.minibuild.notify;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionPoint;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.language.BoundLocale;
import io.jenkins.plugins.minibuild.language.LanguageAdapter;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * The configuration of a channel, a place to which messages go. Each kind of service has one subclass with a form and a {@link Sender}; docs/notifications.md
 * shows an example. Addresses and secrets are configured as ids of credentials.
 */
public abstract class ChannelConfiguration implements Describable<ChannelConfiguration>, ExtensionPoint {
    private static final Logger LOGGER = Logger.getLogger(ChannelConfiguration.class.getName());
    private static final List<String> LANGUAGES = List.of("auto", "en", "zh");

    private final String name;
    private String language;
    private List<TemplateConfiguration> templates;
    private String allowedJobs;

    /**
     * @param name by which jobs refer to it: no comma, 1 to 60 characters
     * @throws IllegalArgumentException saying what is wrong with it
     */
    protected ChannelConfiguration(@CheckForNull String name) {
        this.name = checkName(name);
    }

    static String checkName(@CheckForNull String name) {
        String trimmed = name == null ? "" : name.strip();
        if (trimmed.isEmpty()
                || trimmed.length() > 60
                || trimmed.contains(",")
                || trimmed.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(Messages.ChannelConfiguration_name(trimmed));
        }
        return trimmed;
    }

    /**
     * The channels of one place.
     *
     * @throws IllegalArgumentException naming a channel that is there twice
     */
    public static List<ChannelConfiguration> checkUnique(@CheckForNull List<? extends ChannelConfiguration> all) {
        List<ChannelConfiguration> checked = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (ChannelConfiguration each : all == null ? List.<ChannelConfiguration>of() : all) {
            if (!names.add(each.getName())) {
                throw new IllegalArgumentException(Messages.ChannelConfiguration_twice(each.getName()));
            }
            checked.add(each);
        }
        return checked;
    }

    /**
     * Checks the names of channels in a configuration.
     *
     * @param item where they are used; null for the configuration of Jenkins, which may mean channels of folders
     * @param names separated by commas; with a variable they are known only when a build runs
     * @throws IllegalArgumentException naming the channel that does not exist there, and those that do
     */
    public static void checkNames(@CheckForNull Item item, @CheckForNull String names) {
        if (FormAdapter.isVariable(names) || Util.fixEmptyAndTrim(names) == null) {
            return;
        }
        try (ACLContext all = ACL.as2(ACL.SYSTEM2)) {
            Set<String> known = ChannelsAdapter.names(item);
            for (String each : NotifyRequest.list(names)) {
                if (!known.contains(each)) {
                    throw new IllegalArgumentException(
                            Messages.NotifyAdapter_noChannel(each, String.join(", ", known)));
                }
            }
        }
    }

    /**
     * Checks the names of channels in a form that is saved. Channels of the configuration of Jenkins may be in the same form, and saved later.
     *
     * @param req null for none: what is no form is checked when a build runs
     * @throws IllegalArgumentException as {@link #checkNames(Item, String)}
     */
    public static void checkNames(@CheckForNull StaplerRequest2 req, @CheckForNull String names) {
        if (req == null) {
            return;
        }
        Item item = req.findAncestorObject(Item.class);
        Set<String> added = item == null ? submitted(req) : Set.of();
        checkNames(
                item,
                FormAdapter.isVariable(names)
                        ? names
                        : String.join(
                                ",",
                                NotifyRequest.list(names).stream()
                                        .filter(each -> !added.contains(each))
                                        .toList()));
    }

    private static Set<String> submitted(StaplerRequest2 req) {
        Set<String> names = new HashSet<>();
        try {
            JSONObject section = req.getSubmittedForm()
                    .optJSONObject(NotifyConfiguration.class.getName().replace('.', '-'));
            Object channels = section == null ? null : section.opt("channels");
            // One alone is no list.
            for (Object each : channels instanceof JSONArray list ? list : List.of(channels == null ? "" : channels)) {
                if (each instanceof JSONObject channel) {
                    names.add(channel.optString("name").strip());
                }
            }
        } catch (ServletException e) {
            LOGGER.log(Level.FINE, "not a form", e);
        }
        return names;
    }

    /** The name by which jobs refer to the channel. */
    public final String getName() {
        return name;
    }

    /** {@code en}, {@code zh}, or {@code auto} for the controller's language. */
    public String getLanguage() {
        return language == null ? "auto" : language;
    }

    @DataBoundSetter
    public void setLanguage(@CheckForNull String language) {
        String given = Util.fixEmptyAndTrim(language);
        if (given != null && !LANGUAGES.contains(given)) {
            throw new IllegalArgumentException(Messages.ChannelConfiguration_language(given));
        }
        this.language = "auto".equals(given) ? null : given;
    }

    /** The channel's own templates. */
    public List<TemplateConfiguration> getTemplates() {
        return templates == null ? List.of() : List.copyOf(templates);
    }

    @DataBoundSetter
    public void setTemplates(@CheckForNull List<TemplateConfiguration> templates) {
        this.templates = templates == null || templates.isEmpty() ? null : new ArrayList<>(templates);
    }

    /** Patterns of the full names of the jobs that may use the channel; null for all that are below its place. */
    @CheckForNull
    public String getAllowedJobs() {
        return allowedJobs;
    }

    /** @throws IllegalArgumentException naming a pattern that is none */
    @DataBoundSetter
    public void setAllowedJobs(@CheckForNull String allowedJobs) {
        Glob.names(allowedJobs);
        this.allowedJobs = Util.fixEmptyAndTrim(allowedJobs);
    }

    /** How the service marks text up. */
    protected abstract Markup markup();

    /** How long a message may be, in bytes of UTF-8. */
    protected abstract int mostBytes();

    /** What the service allows; empty for no limit. */
    protected abstract List<Rate> rates();

    /** How the service shows a picture. */
    protected PictureStyle pictures() {
        return PictureStyle.INSIDE;
    }

    /** Whether the test message has a picture, as pictures need a credential of their own. */
    boolean isPictureTested() {
        return false;
    }

    /**
     * Makes the sender; called for every attempt.
     *
     * @throws MissingSecretException when a credential is missing
     */
    protected abstract Sender sender(Secrets secrets) throws MissingSecretException;

    /**
     * The locale of a channel's language.
     *
     * @param language see {@link #getLanguage}; null for that of this thread's job, else the controller's
     */
    static Locale locale(@CheckForNull String language) {
        return switch (Util.fixNull(language)) {
            case "zh" -> Locale.SIMPLIFIED_CHINESE;
            case "en" -> Locale.ENGLISH;
            default -> BoundLocale.bound().or(() -> LanguageAdapter.of(null)).orElseGet(Locale::getDefault);
        };
    }

    /** The channel for the plain classes. */
    Channel channel(String scope, Secrets secrets) {
        Map<Event, Template> own = new EnumMap<>(Event.class);
        for (TemplateConfiguration each : getTemplates()) {
            own.put(Event.of(each.getEvent()), Template.parse(each.getText()));
        }
        return new Channel(
                new Channel.Id(scope, name),
                new Channel.Format(markup(), mostBytes(), locale(language), own),
                rates(),
                pictures(),
                (message, picture) -> sender(secrets).send(message, picture));
    }

    /** Refuses users who may not see and change the channels here. */
    static void checkPermission(@CheckForNull Item item) {
        FormAdapter.checkConfigure(item);
    }

    public abstract static class ChannelDescriptor extends Descriptor<ChannelConfiguration> {
        protected ChannelDescriptor() {}

        @POST
        public FormValidation doCheckName(@CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> checkName(value));
        }

        @POST
        public FormValidation doCheckAllowedJobs(
                @CheckForNull @AncestorInPath Item item, @QueryParameter String value) {
            return FormAdapter.check(item, () -> Glob.names(value));
        }

        @POST
        public ListBoxModel doFillLanguageItems(@CheckForNull @AncestorInPath Item item) {
            checkPermission(item);
            ListBoxModel model = new ListBoxModel();
            model.add(Messages.ChannelConfiguration_auto(), "auto");
            model.add("English", "en");
            model.add("\u4e2d\u6587", "zh");
            return model;
        }

        /** The secret texts of the item or of Jenkins; without the permission only the current one. */
        protected static ListBoxModel secrets(@CheckForNull Item item, @CheckForNull String current) {
            return FormAdapter.credentials(
                    item, null, current, CredentialsMatchers.instanceOf(StringCredentials.class));
        }

        /** Checks that a credential is chosen and exists. */
        protected static FormValidation checkSecret(@CheckForNull Item item, @CheckForNull String value) {
            checkPermission(item);
            String id = Util.fixEmptyAndTrim(value);
            if (id == null) {
                return FormValidation.error(Messages.ChannelConfiguration_credential());
            }
            StringCredentials found = CredentialsMatchers.firstOrNull(
                    CredentialsProvider.lookupCredentialsInItem(
                            StringCredentials.class, item, FormAdapter.authentication(item), List.of()),
                    CredentialsMatchers.withId(id));
            return found == null
                    ? FormValidation.warning(Messages.ChannelsAdapter_missingCredential(id))
                    : FormValidation.ok();
        }

        /** Sends a test message and shows the result, for the button of that name. */
        protected static FormValidation test(
                @CheckForNull Item item, @CheckForNull String language, ChannelSupplier made) {
            FormAdapter.checkCredentialUse(item);
            try {
                ChannelConfiguration channel = made.get();
                channel.setLanguage(language);
                SendResult result = NotifyAdapter.test(item, channel);
                return result.isSent()
                        ? FormValidation.ok(Messages.ChannelConfiguration_sent(result.text()))
                        : FormValidation.error(result.text());
            } catch (IllegalArgumentException | IOException e) {
                return FormValidation.error(e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return FormValidation.error(Messages.ChannelConfiguration_interrupted());
            }
        }
    }

    /** Makes a channel from the fields of a form. */
    @FunctionalInterface
    protected interface ChannelSupplier {
        /** @throws IllegalArgumentException when a field is wrong */
        ChannelConfiguration get();
    }
}
