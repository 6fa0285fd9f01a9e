package io.jenkins.plugins.minibuild.step;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Descriptor.FormException;
import hudson.model.Item;
import hudson.model.Queue;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.springframework.security.core.Authentication;

/** Shared code of the forms of steps and configurations: permissions, checks, lists of choices and of credentials. */
public final class FormAdapter {

    private FormAdapter() {}

    /** Whether the user may configure the job, or Jenkins where there is no job. */
    public static boolean mayConfigure(@CheckForNull Item item) {
        return item == null ? Jenkins.get().hasPermission(Jenkins.ADMINISTER) : item.hasPermission(Item.CONFIGURE);
    }

    /**
     * Checks {@link #mayConfigure}; for form methods that contact another system.
     *
     * @throws org.springframework.security.access.AccessDeniedException when the user may not
     */
    public static void checkConfigure(@CheckForNull Item item) {
        if (item == null) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        } else {
            item.checkPermission(Item.CONFIGURE);
        }
    }

    /**
     * Checks that the user may configure and use credentials there; for form methods that send a credential.
     *
     * @throws org.springframework.security.access.AccessDeniedException when the user may not
     */
    public static void checkCredentialUse(@CheckForNull Item item) {
        checkConfigure(item);
        if (item != null) {
            item.checkPermission(CredentialsProvider.USE_ITEM);
        }
    }

    /** Whether the value contains a variable, so that it is known only when the build runs. */
    public static boolean isVariable(@CheckForNull String value) {
        return value != null && value.contains("$");
    }

    /** Runs a check, if the user may configure. The message of its {@link IllegalArgumentException} is shown as the error. */
    public static FormValidation check(@CheckForNull Item item, Runnable check) {
        if (!mayConfigure(item)) {
            return FormValidation.ok();
        }
        try {
            check.run();
            return FormValidation.ok();
        } catch (IllegalArgumentException e) {
            return FormValidation.error(e.getMessage());
        }
    }

    /** As {@link #check(Item, Runnable)}, but accepts a value with a variable. */
    public static FormValidation check(@CheckForNull Item item, @CheckForNull String value, Runnable check) {
        return isVariable(value) ? FormValidation.ok() : check(item, check);
    }

    /** Makes an object of a submitted form. */
    @FunctionalInterface
    public interface Binding<T> {
        /** Makes it. */
        T bind() throws FormException;
    }

    /**
     * Binds a form that is saved. If a class refuses a value, the page shows its message and the way back. Without this, Jenkins shows only the number of an
     * error and writes the form to its log.
     *
     * @throws FormException with the message of the class that refused the value
     */
    public static <T> T bound(Binding<T> form) throws FormException {
        try {
            return form.bind();
        } catch (LinkageError | IllegalArgumentException e) {
            throw new FormException(refusal(e) + "\n" + Messages.FormAdapter_back(), "");
        }
    }

    /**
     * As {@link #bound}, for a step. The Snippet Generator shows only unchecked exceptions, and shows them as Java prints them; of this one only the
     * message is printed.
     *
     * @throws IllegalArgumentException with the message of the class that refused the value
     */
    public static <T> T boundStep(Binding<T> form) throws FormException {
        try {
            return form.bind();
        } catch (LinkageError | IllegalArgumentException e) {
            throw new RefusedValueException(refusal(e));
        }
    }

    /** The message of the innermost refusal: Jenkins and Stapler wrap it, each with the whole form in its message. */
    private static String refusal(Throwable thrown) {
        String said = null;
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof NumberFormatException) {
                // Java's own words. What refuses with words of its own has said them before, but a form is no such
                // words.
                said = said == null || said.contains("{\"") ? notANumber(each.getMessage()) : said;
            } else if (each instanceof IllegalArgumentException && each.getMessage() != null) {
                said = each.getMessage();
            }
        }
        if (said == null && thrown instanceof LinkageError error) {
            throw error;
        }
        return Util.fixNull(said);
    }

    /** @param words of a {@link NumberFormatException}, {@code For input string: "abc"}; null for none */
    private static String notANumber(@CheckForNull String words) {
        String text = Util.fixNull(words);
        int from = text.indexOf('"');
        int to = text.lastIndexOf('"');
        return Messages.FormAdapter_number(from >= 0 && to > from ? text.substring(from + 1, to) : "");
    }

    /** The values of a drop-down list; empty if the user may not configure. */
    public static ListBoxModel choices(@CheckForNull Item item, Collection<String> values) {
        ListBoxModel items = new ListBoxModel();
        if (mayConfigure(item)) {
            values.forEach(value -> items.add(value, value));
        }
        return items;
    }

    /** The distinct names in a list that is separated by commas. */
    public static List<String> names(@CheckForNull String list) {
        return Stream.of(Util.fixNull(list).split(","))
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .distinct()
                .toList();
    }

    /**
     * The whole number in a field.
     *
     * @throws IllegalArgumentException if there is none; the message is for users
     */
    public static int number(@CheckForNull String value) {
        try {
            return Integer.parseInt(Util.fixNull(value).trim());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(Messages.FormAdapter_number(Util.fixNull(value)), e);
        }
    }

    /**
     * The number in a field, perhaps with a fraction.
     *
     * @throws IllegalArgumentException if there is none; the message is for users
     */
    public static double decimal(@CheckForNull String value) {
        double number;
        try {
            number = Double.parseDouble(Util.fixNull(value).trim());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(Messages.FormAdapter_decimal(Util.fixNull(value)), e);
        }
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException(Messages.FormAdapter_decimal(value));
        }
        return number;
    }

    /**
     * The tool installations to choose from; without permission only the current one.
     *
     * @param current the name that is chosen now
     * @param any the title of the choice of none
     */
    public static ListBoxModel tools(
            @CheckForNull Item item, @CheckForNull String current, String any, Collection<String> names) {
        ListBoxModel items = new ListBoxModel();
        if (mayConfigure(item)) {
            items.add(any, "");
            names.forEach(name -> items.add(name, name));
        }
        String chosen = Util.fixNull(current);
        if (!chosen.isEmpty() && items.stream().noneMatch(each -> each.value.equals(chosen))) {
            items.add(chosen, chosen);
        }
        return items;
    }

    /** As whom the builds of an item look credentials up: forms show and check no others. */
    public static Authentication authentication(@CheckForNull Item item) {
        return item instanceof Queue.Task task ? Tasks.getAuthenticationOf2(task) : ACL.SYSTEM2;
    }

    /** The kinds of credentials that a git repository or its service takes: a token as secret text, a user name with password, an SSH key. */
    public static CredentialsMatcher repositoryLogins() {
        return CredentialsMatchers.anyOf(
                CredentialsMatchers.instanceOf(StringCredentials.class),
                CredentialsMatchers.instanceOf(StandardUsernamePasswordCredentials.class),
                CredentialsMatchers.instanceOf(SSHUserPrivateKey.class));
    }

    /**
     * The credentials of a drop-down list. A user without the permission to see credentials gets only the current one.
     *
     * @param url what they are used for, where that limits which are offered; null for anything
     * @param current the id that is chosen now
     */
    public static ListBoxModel credentials(
            @CheckForNull Item item,
            @CheckForNull String url,
            @CheckForNull String current,
            CredentialsMatcher usable) {
        StandardListBoxModel items = new StandardListBoxModel();
        boolean allowed = item == null
                ? Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                : item.hasPermission(Item.EXTENDED_READ) || item.hasPermission(CredentialsProvider.USE_ITEM);
        if (allowed) {
            items.includeEmptyValue()
                    .includeMatchingAs(
                            authentication(item),
                            item,
                            StandardCredentials.class,
                            URIRequirementBuilder.fromUri(url).build(),
                            usable);
        }
        return items.includeCurrentValue(Util.fixNull(current));
    }
}
