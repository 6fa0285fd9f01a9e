package io.jenkins.plugins.minibuild.notify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.PersistentDescriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import io.jenkins.plugins.minibuild.step.SectionConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The section "Mini Build: notifications" of the system configuration: channels, user map, digests. */
@Extension
@Symbol("miniBuildNotify")
public final class NotifyConfiguration extends SectionConfiguration implements PersistentDescriptor {
    private static final int DIGEST_ABOVE = 5;

    private List<ChannelConfiguration> channels = new ArrayList<>();
    private List<ContactConfiguration> people = new ArrayList<>();
    private Integer digestAbove;
    private String destinations;

    public NotifyConfiguration() {
        super("channels", "people");
    }

    /** The configuration of this Jenkins. */
    static NotifyConfiguration get() {
        return ExtensionList.lookupSingleton(NotifyConfiguration.class);
    }

    @Override
    public String getDisplayName() {
        return Messages.NotifyConfiguration_displayName();
    }

    /** The channels of the whole controller. */
    public List<ChannelConfiguration> getChannels() {
        return channels == null ? List.of() : List.copyOf(channels);
    }

    /** @throws IllegalArgumentException when two have the same name */
    @DataBoundSetter
    public void setChannels(@CheckForNull List<ChannelConfiguration> channels) {
        this.channels = ChannelConfiguration.checkUnique(channels);
        save();
        OutboxAdapter.get().queues().tryAgain();
    }

    /** The user map: the names of people in the services. */
    public List<ContactConfiguration> getPeople() {
        return people == null ? List.of() : List.copyOf(people);
    }

    @DataBoundSetter
    public void setPeople(@CheckForNull List<ContactConfiguration> people) {
        this.people = people == null ? new ArrayList<>() : new ArrayList<>(people);
        save();
    }

    /** How many messages of one job may wait for a channel before they are joined to one. */
    public int getDigestAbove() {
        return digestAbove == null ? DIGEST_ABOVE : digestAbove;
    }

    /** @throws IllegalArgumentException when it is less than 1 */
    @DataBoundSetter
    public void setDigestAbove(int digestAbove) {
        if (digestAbove < 1) {
            throw new IllegalArgumentException(Messages.NotifyConfiguration_digestAbove(Integer.toString(digestAbove)));
        }
        this.digestAbove = digestAbove == DIGEST_ABOVE ? null : Integer.valueOf(digestAbove);
        save();
    }

    /**
     * Hosts to which messages may go besides the vendors' own and the public internet, {@code https://chat.example.com} or {@code http://10.0.0.5:8080},
     * separated by commas; null for none.
     */
    @CheckForNull
    public String getDestinations() {
        return destinations;
    }

    /** @throws IllegalArgumentException naming what is no address of a host */
    @DataBoundSetter
    public void setDestinations(@CheckForNull String value) {
        Destinations.parse(Util.fixNull(value));
        destinations = Util.fixEmptyAndTrim(value);
        save();
        OutboxAdapter.get().queues().tryAgain();
    }

    Set<String> destinations() {
        return Destinations.parse(Util.fixNull(destinations));
    }

    @POST
    public FormValidation doCheckDestinations(@QueryParameter String value) {
        return FormAdapter.check(null, () -> Destinations.parse(Util.fixNull(value)));
    }

    @POST
    public FormValidation doCheckDigestAbove(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return FormAdapter.check(null, () -> {
            if (FormAdapter.number(value) < 1) {
                throw new IllegalArgumentException(Messages.NotifyConfiguration_digestAbove(value));
            }
        });
    }
}
