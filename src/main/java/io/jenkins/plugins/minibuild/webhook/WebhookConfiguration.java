package io.jenkins.plugins.minibuild.webhook;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.PersistentDescriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.minibuild.step.SectionConfiguration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The section "Mini Build: webhooks" of the system configuration: who may call, and how often. */
@Extension
@Symbol("miniBuildWebhooks")
public final class WebhookConfiguration extends SectionConfiguration implements PersistentDescriptor {
    private static final int MEGABYTES = 25;
    private static final int MOST_MEGABYTES = 100;
    private static final int CALLS = 60_000;
    private static final int MOST_CALLS = 1_000_000;
    private static final int OVERLAP_HOURS = 24;
    private static final int MOST_HOURS = 24 * 90;

    private List<WebhookSecretConfiguration> secrets = new ArrayList<>();
    private String allowedAddresses;
    private String trustedProxies;
    /** Null for the default, as all below. */
    private Integer bodyMegabytes;

    private Integer callsPerMinute;
    private Integer overlapHours;

    private transient volatile Targets.Rules rules;

    /** Jenkins creates it. */
    public WebhookConfiguration() {
        super("secrets");
    }

    /** The configuration of this Jenkins. */
    static WebhookConfiguration get() {
        return ExtensionList.lookupSingleton(WebhookConfiguration.class);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.WebhookConfiguration_displayName();
    }

    /** The secrets by which services prove themselves at the shared address; without any, every call there is refused. */
    public List<WebhookSecretConfiguration> getSecrets() {
        return List.copyOf(secrets);
    }

    @DataBoundSetter
    public void setSecrets(@CheckForNull List<WebhookSecretConfiguration> given) {
        secrets = given == null ? new ArrayList<>() : new ArrayList<>(given);
        save();
    }

    /** Addresses and ranges that may call; null for all. */
    @CheckForNull
    public String getAllowedAddresses() {
        return allowedAddresses;
    }

    /** @throws IllegalArgumentException naming the text that is no address or range */
    @DataBoundSetter
    public void setAllowedAddresses(@CheckForNull String text) {
        ClientAddress.rules(text, null);
        allowedAddresses = Util.fixEmptyAndTrim(text);
        rules = null;
        save();
    }

    /** Proxies whose header X-Forwarded-For is trusted; null for none. */
    @CheckForNull
    public String getTrustedProxies() {
        return trustedProxies;
    }

    /** @throws IllegalArgumentException naming the text that is no address or range */
    @DataBoundSetter
    public void setTrustedProxies(@CheckForNull String text) {
        ClientAddress.rules(null, text);
        trustedProxies = Util.fixEmptyAndTrim(text);
        rules = null;
        save();
    }

    /** The largest body, in megabytes of 1024 x 1024 bytes. */
    public int getBodyMegabytes() {
        return bodyMegabytes == null ? MEGABYTES : bodyMegabytes;
    }

    /** @throws IllegalArgumentException when it is less than 1 or more than 100 */
    @DataBoundSetter
    public void setBodyMegabytes(int megabytes) {
        bodyMegabytes = unless(MEGABYTES, checked(megabytes, 1, MOST_MEGABYTES));
        save();
    }

    /** How many calls an address may make in a minute, and how many an endpoint takes. */
    public int getCallsPerMinute() {
        return callsPerMinute == null ? CALLS : callsPerMinute;
    }

    /** @throws IllegalArgumentException when it is less than 1 or more than a million */
    @DataBoundSetter
    public void setCallsPerMinute(int calls) {
        callsPerMinute = unless(CALLS, checked(calls, 1, MOST_CALLS));
        rules = null;
        save();
    }

    /** Hours for which a replaced token stays good. */
    public int getOverlapHours() {
        return overlapHours == null ? OVERLAP_HOURS : overlapHours;
    }

    /** @throws IllegalArgumentException when it is negative or more than 90 days */
    @DataBoundSetter
    public void setOverlapHours(int hours) {
        overlapHours = unless(OVERLAP_HOURS, checked(hours, 0, MOST_HOURS));
        save();
    }

    Duration overlap() {
        return Duration.ofHours(getOverlapHours());
    }

    Targets.Rules rules() {
        Targets.Rules known = rules;
        if (known == null) {
            known = new Targets.Rules(ClientAddress.rules(allowedAddresses, trustedProxies), getCallsPerMinute());
            rules = known;
        }
        return known;
    }

    @CheckForNull
    private static Integer unless(int standard, int value) {
        return value == standard ? null : Integer.valueOf(value);
    }

    private static int checked(int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(Messages.WebhookConfiguration_number(
                    String.valueOf(value), String.valueOf(least), String.valueOf(most)));
        }
        return value;
    }

    private static FormValidation check(Runnable check) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        try {
            check.run();
            return FormValidation.ok();
        } catch (NumberFormatException e) {
            return FormValidation.error(Messages.WebhookConfiguration_noNumber());
        } catch (IllegalArgumentException e) {
            return FormValidation.error(e.getMessage());
        }
    }

    @POST
    public FormValidation doCheckAllowedAddresses(@QueryParameter String value) {
        return check(() -> ClientAddress.rules(value, null));
    }

    @POST
    public FormValidation doCheckTrustedProxies(@QueryParameter String value) {
        return check(() -> ClientAddress.rules(null, value));
    }

    @POST
    public FormValidation doCheckBodyMegabytes(@QueryParameter String value) {
        return check(() -> checked(Integer.parseInt(value.trim()), 1, MOST_MEGABYTES));
    }

    @POST
    public FormValidation doCheckCallsPerMinute(@QueryParameter String value) {
        return check(() -> checked(Integer.parseInt(value.trim()), 1, MOST_CALLS));
    }

    @POST
    public FormValidation doCheckOverlapHours(@QueryParameter String value) {
        return check(() -> checked(Integer.parseInt(value.trim()), 0, MOST_HOURS));
    }
}
