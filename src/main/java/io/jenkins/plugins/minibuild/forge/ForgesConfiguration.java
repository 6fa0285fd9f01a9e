package io.jenkins.plugins.minibuild.forge;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.util.FormValidation;
import io.jenkins.plugins.minibuild.step.FormAdapter;
import io.jenkins.plugins.minibuild.step.SectionConfiguration;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The section "Mini Build: Gitee, GitHub and GitLab" of the system configuration: services that the team runs itself. */
@Extension
@Symbol("miniBuildForges")
public final class ForgesConfiguration extends SectionConfiguration {
    private static final Logger LOGGER = Logger.getLogger(ForgesConfiguration.class.getName());

    private List<ForgeConfiguration> forges = new ArrayList<>();
    private String feishuAddress;

    /** Reads what is stored. */
    public ForgesConfiguration() {
        super("forges");
        load();
    }

    static ForgesConfiguration get() {
        return ExtensionList.lookupSingleton(ForgesConfiguration.class);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.ForgesConfiguration_displayName();
    }

    /** The services in the order in which they were given. */
    public synchronized List<ForgeConfiguration> getForges() {
        return forges == null ? List.of() : List.copyOf(forges);
    }

    /** @throws IllegalArgumentException when two have the same web address */
    @DataBoundSetter
    public synchronized void setForges(@CheckForNull List<ForgeConfiguration> value) {
        List<ForgeConfiguration> given = value == null ? List.of() : value;
        Set<String> addresses = new HashSet<>();
        for (ForgeConfiguration each : given) {
            if (!addresses.add(each.known().web().getAuthority())) {
                throw new IllegalArgumentException(Messages.ForgesConfiguration_twice(each.getWebAddress()));
            }
        }
        forges = new ArrayList<>(given);
        save();
    }

    /** The address of Feishu's API where it is not the public one; null if it is. */
    @CheckForNull
    public synchronized String getFeishuAddress() {
        return feishuAddress;
    }

    /** @throws IllegalArgumentException when it is no address, or not encrypted */
    @DataBoundSetter
    public synchronized void setFeishuAddress(@CheckForNull String value) {
        String address = Util.fixEmptyAndTrim(value);
        feishuAddress = address == null ? null : checkedFeishu(address).toString();
        save();
    }

    /** The services as tasks use them. A stored one that cannot be is left out, with a line in Jenkins' log, and does not stop the others. */
    List<KnownForge> known() {
        List<KnownForge> known = new ArrayList<>();
        for (ForgeConfiguration each : getForges()) {
            try {
                known.add(each.known());
            } catch (IllegalArgumentException e) {
                LOGGER.log(Level.WARNING, "The service \"{0}\" is left out: {1}", new Object[] {
                    each.getName(), e.getMessage()
                });
            }
        }
        return known;
    }

    @POST
    public FormValidation doCheckFeishuAddress(@QueryParameter String value) {
        return Util.fixEmptyAndTrim(value) == null
                ? FormValidation.ok()
                : FormAdapter.check(null, () -> checkedFeishu(value));
    }

    /** Plain HTTP is for a server on the controller's own machine only. */
    private static URI checkedFeishu(String value) {
        return KnownForge.checkedApi(
                value, value.strip().matches("http://(127\\.0\\.0\\.1|localhost)(:[0-9]+)?(/.*)?"));
    }
}
