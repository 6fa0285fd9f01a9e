package io.jenkins.plugins.minibuild.access;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import com.cloudbees.hudson.plugins.folder.AbstractFolderProperty;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.ItemGroup;
import io.jenkins.plugins.minibuild.step.FolderPropertyDescriptor;
import java.util.Optional;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/** The policy of a folder: it holds for the jobs in it and in its folders, and can only add to what holds above. Immutable but for its policy. */
public final class PolicyFolderConfiguration extends AbstractFolderProperty<AbstractFolder<?>> {
    private final PolicyConfiguration policy;

    /** @param policy null for one that sets nothing */
    @DataBoundConstructor
    public PolicyFolderConfiguration(@CheckForNull PolicyConfiguration policy) {
        this.policy = policy;
    }

    public PolicyConfiguration getPolicy() {
        return policy == null ? new PolicyConfiguration() : policy;
    }

    @Extension(optional = true)
    @Symbol("miniBuildPolicies")
    public static final class DescriptorImpl extends FolderPropertyDescriptor {
        @Override
        @NonNull
        public String getDisplayName() {
            return Messages.PoliciesConfiguration_displayName();
        }
    }

    @Extension(optional = true)
    public static final class Finder extends FolderPoliciesFactory {
        @Override
        Optional<Policy> of(ItemGroup<?> group) {
            return FolderPropertyDescriptor.of(group, PolicyFolderConfiguration.class)
                    .map(each -> each.getPolicy().policy(group.getFullName()));
        }
    }
}
